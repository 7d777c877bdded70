import type { FirmwareDefinition } from '../firmware.js';

/** Five bytes: two to begin with, speed with the direction in its top bit, two to end with. Speeds beyond 6 are patterns. */
export const synchroFirmware: FirmwareDefinition = {
  protocol: 'synchro',
  create: (toy) => ({
    write(endpoint, data) {
      const [first, second, speed = 0, fourth, fifth] = data;
      if (endpoint !== 'tx' || data.length !== 5 || first !== 0xa1 || second !== 0x01) return;
      const magnitude = speed & 0x7f;
      if (fourth !== 0x77 || fifth !== 0x55 || magnitude > 6) return;
      toy.set(0, 'Rotate', speed & 0x80 ? -magnitude : magnitude);
    },
  }),
};
