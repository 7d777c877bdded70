import type { FirmwareDefinition } from '../firmware.js';

export const fleshyThrustFirmware: FirmwareDefinition = {
  protocol: 'fleshy-thrust',
  advertisedName: () => 'BT05',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.length !== 3) return;
      const numbers = new DataView(data.buffer, data.byteOffset, data.byteLength);
      const position = numbers.getUint8(0);
      if (position <= 180) toy.move(0, position, numbers.getUint16(1));
    },
  }),
};
