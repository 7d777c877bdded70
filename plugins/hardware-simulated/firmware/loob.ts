import type { FirmwareDefinition } from '../firmware.js';

export const loobFirmware: FirmwareDefinition = {
  protocol: 'loob',
  advertisedName: () => 'LOOB',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.length < 4) return;
      const numbers = new DataView(data.buffer, data.byteOffset, data.byteLength);
      const position = numbers.getUint16(0);
      if (position >= 1 && position <= 1000) toy.move(0, position, numbers.getUint16(2));
    },
  }),
};
