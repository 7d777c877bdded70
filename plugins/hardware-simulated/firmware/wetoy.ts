import type { FirmwareDefinition } from '../firmware.js';

export const wetoyFirmware: FirmwareDefinition = {
  protocol: 'wetoy',
  advertisedName: () => 'WeToy',
  create: (toy) => ({
    write(endpoint, data) {
      const [command, value = 0] = data;
      if (endpoint !== 'tx' || data.length !== 2) return;
      if (command === 0x80 && value === 0x03) toy.set(0, 'Vibrate', 0);
      // Higher numbers are patterns.
      if (command === 0xb2 && value <= 2) toy.set(0, 'Vibrate', value + 1);
    },
  }),
};
