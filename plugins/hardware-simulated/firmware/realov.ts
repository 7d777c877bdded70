import type { FirmwareDefinition } from '../firmware.js';

/** Four bytes: two to begin with, speed, one to end with. */
export const realovFirmware: FirmwareDefinition = {
  protocol: 'realov',
  advertisedName: () => 'REALOV_VIBE',
  create: (toy) => ({
    write(endpoint, data) {
      const [first, second, speed = 0, last] = data;
      if (endpoint !== 'tx' || data.length !== 4 || first !== 0xc5 || second !== 0x55 || last !== 0xaa) return;
      if (speed <= 50) toy.set(0, 'Vibrate', speed);
    },
  }),
};
