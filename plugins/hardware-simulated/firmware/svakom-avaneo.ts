import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

export const svakomAvaneoFirmware: FirmwareDefinition = {
  protocol: 'svakom-avaneo',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data);
      if (packet?.which !== 0x00) return;
      const { command, fifth, sixth } = packet;
      if (command === 0x03 && sixth <= 10 && fifth === (sixth > 0 ? 1 : 0)) toy.set(0, 'Vibrate', sixth);
      if (command === 0x08 && fifth <= 1 && sixth === 0xff) toy.set(1, 'Oscillate', fifth);
    },
  }),
};
