import type { FirmwareDefinition } from '../firmware.js';

/** Takes one byte, the speed. */
export const rezTrancevibratorFirmware: FirmwareDefinition = {
  protocol: 'rez-trancevibrator',
  create: (toy) => ({
    write(endpoint, data) {
      const [speed = 0] = data;
      if (endpoint === 'tx' && data.length === 1) toy.set(0, 'Vibrate', speed);
    },
  }),
};
