import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

export const svakomSuitcaseFirmware: FirmwareDefinition = {
  protocol: 'svakom-suitcase',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data);
      if (packet?.which !== 0x00) return;
      const { command, fifth, sixth } = packet;
      if (command === 0x09 && fifth <= 1 && sixth === 0x00) toy.set(1, 'Vibrate', fifth);
      if (command !== 0x03) return;
      if (fifth === 0 && sixth === 0) toy.set(0, 'Vibrate', 0);
      else if (fifth >= 1 && fifth <= 3 && sixth >= 1 && sixth <= 10) toy.set(0, 'Vibrate', 10 * (fifth - 1) + sixth);
    },
  }),
};
