import type { FirmwareDefinition } from '../firmware.js';

/** Seventeen bytes: `aa 55`, a number, `02 03 01`, level, whether it is on, the exclusive-or of those, `ff`, seven zeros. */
export const yououFirmware: FirmwareDefinition = {
  protocol: 'youou',
  create: (toy) => ({
    write(endpoint, data) {
      const [first, second, , command, , , level = 0, on, check] = data;
      if (endpoint !== 'tx' || data.length !== 17 || first !== 0xaa || second !== 0x55 || command !== 0x02) return;
      // Higher numbers start patterns.
      if (check !== data.subarray(0, 8).reduce((sum, byte) => sum ^ byte, 0) || level > 0xf7) return;
      toy.set(0, 'Vibrate', on === 0x01 ? level : 0);
    },
  }),
};
