import type { FirmwareDefinition } from '../firmware.js';

/** Four bytes: two to begin with, level, one to end with. */
export const sexverseV4Firmware: FirmwareDefinition = {
  protocol: 'sexverse-v4',
  create: (toy) => ({
    write(endpoint, data) {
      const [first, second, level = 0, last] = data;
      if (endpoint !== 'tx' || data.length !== 4 || first !== 0xbb || second !== 0x01 || last !== 0x66) return;
      if (level <= 99) toy.set(0, 'Vibrate', level);
    },
  }),
};
