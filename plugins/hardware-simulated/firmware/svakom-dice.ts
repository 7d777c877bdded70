import type { FirmwareDefinition } from '../firmware.js';

export const svakomDiceFirmware: FirmwareDefinition = {
  protocol: 'svakom-dice',
  create: (toy) => ({
    write(endpoint, data) {
      const [start, command, which, gap, mode, level = 0, end] = data;
      if (endpoint !== 'tx' || data.length !== 7 || start !== 0x55 || command !== 0x04 || end !== 0xaa) return;
      if (which === 0x00 && gap === 0x00 && mode === 0x01) toy.set(0, 'Vibrate', level);
    },
  }),
};
