import type { FirmwareDefinition } from '../firmware.js';

export const museFirmware: FirmwareDefinition = {
  protocol: 'muse',
  create: (toy) => ({
    write(endpoint, data) {
      const [speed, kind] = data;
      if (endpoint !== 'tx' || data.length !== 2 || speed === undefined) return;
      // Without a second byte that is not 0, the first one means a pattern.
      if (speed === 0 || (kind !== 0 && speed <= 0x0f)) toy.set(0, 'Vibrate', speed);
    },
  }),
};
