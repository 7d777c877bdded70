import type { FirmwareDefinition } from '../firmware.js';

export const svakomV5Firmware: FirmwareDefinition = {
  protocol: 'svakom-v5',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.length !== 6 || data[0] !== 0x55) return;
      const [, command, which, , mode, level = 0] = data;
      if (command === 0x09 && mode !== undefined) toy.set(2, 'Oscillate', mode);
      if (command !== 0x03) return;
      toy.set(0, 'Vibrate', which === 0x02 ? 0 : level);
      toy.set(1, 'Vibrate', which === 0x01 ? 0 : level);
    },
  }),
};
