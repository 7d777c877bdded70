import type { FirmwareDefinition } from '../firmware.js';

const HEADER = Buffer.from([0x00, 0x00, 0x00, 0x00, 0x65, 0x3a, 0x30]);

export const xiuxiudaFirmware: FirmwareDefinition = {
  protocol: 'xiuxiuda',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.length !== 9 || !HEADER.equals(data.subarray(0, 7)) || data[8] !== 0x64) return;
      const level = data[7] ?? 0;
      if (level <= 19) toy.set(0, 'Vibrate', level);
    },
  }),
};
