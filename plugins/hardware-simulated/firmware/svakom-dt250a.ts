import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

export const svakomDt250aFirmware: FirmwareDefinition = {
  protocol: 'svakom-dt250a',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data);
      if (packet?.which !== 0x00) return;
      const { command, fifth: level, sixth: end } = packet;
      if (command === 0x09 && level <= 2 && end === 0x00) toy.set(2, 'Constrict', level);
      if (level > 3 || end !== (level > 0 ? 0x01 : 0x00)) return;
      if (command === 0x03) toy.set(0, 'Vibrate', level);
      if (command === 0x08) toy.set(1, 'Vibrate', level);
    },
  }),
};
