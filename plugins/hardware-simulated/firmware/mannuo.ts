import type { FirmwareDefinition } from '../firmware.js';

export const mannuoFirmware: FirmwareDefinition = {
  protocol: 'mannuo',
  advertisedName: () => 'MANO PRODUCT',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.length !== 9) return;
      const [first, second, length, , , mode, strength, speed] = data;
      if (first !== 0xaa || second !== 0x55 || length !== 0x06 || mode !== 0x01 || speed !== 0xfa) return;
      // All bytes together cancel each other out.
      if (data.reduce((mixed, byte) => mixed ^ byte, 0) !== 0) return;
      if (strength !== undefined && strength <= 3) toy.set(0, 'Vibrate', strength);
    },
  }),
};
