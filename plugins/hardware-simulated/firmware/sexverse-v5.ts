import type { FirmwareDefinition } from '../firmware.js';

/** Seven bytes: three to begin with, level, three zeros. */
export const sexverseV5Firmware: FirmwareDefinition = {
  protocol: 'sexverse-v5',
  create: (toy) => ({
    write(endpoint, data) {
      const [first, second, third, level = 0] = data;
      if (endpoint !== 'tx' || data.length !== 7 || first !== 0xaa || second !== 0x03 || third !== 0x03) return;
      if (level <= 100 && data.subarray(4).every((byte) => byte === 0)) toy.set(0, 'Vibrate', level);
    },
  }),
};
