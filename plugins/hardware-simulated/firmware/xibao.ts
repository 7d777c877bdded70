import type { FirmwareDefinition } from '../firmware.js';

const HEADER = Buffer.from([0x66, 0x3a, 0x00, 0x06, 0x00, 0x06, 0x01, 0x02, 0x00, 0x02, 0x04]);

export const xibaoFirmware: FirmwareDefinition = {
  protocol: 'xibao',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.length !== 13 || !HEADER.equals(data.subarray(0, 11))) return;
      const [level = 0, sum] = data.subarray(11);
      if (level <= 99 && sum === ((level + 0xb5) & 0xff)) toy.set(0, 'Oscillate', level);
    },
  }),
};
