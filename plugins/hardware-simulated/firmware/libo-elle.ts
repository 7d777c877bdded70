import type { FirmwareDefinition } from '../firmware.js';

export const liboElleFirmware: FirmwareDefinition = {
  protocol: 'libo-elle',
  create: (toy) => ({
    write(endpoint, data) {
      const [mode = 0] = data;
      // From 4 on there are patterns, which are not simulated.
      if (endpoint === 'txmode' && data.length === 1 && mode <= 3) toy.set(0, 'Vibrate', mode);
    },
  }),
};
