import type { FirmwareDefinition } from '../firmware.js';

/** Three bytes: run (01) or stop (02), and a level for each motor. While one runs, the other does at least 1. */
export const zaloFirmware: FirmwareDefinition = {
  protocol: 'zalo',
  create(toy) {
    const motors = toy.identifier === 'ZALO-Jeanne' ? 1 : 2;
    return {
      write(endpoint, data) {
        const [mode, ...levels] = data;
        if (endpoint !== 'tx' || data.length !== 3 || levels.some((level) => level < 1 || level > 8)) return;
        if (mode !== 0x01 && mode !== 0x02) return;
        for (const [index, level] of levels.slice(0, motors).entries()) {
          toy.set(index, 'Vibrate', mode === 0x01 ? level : 0);
        }
      },
    };
  },
};
