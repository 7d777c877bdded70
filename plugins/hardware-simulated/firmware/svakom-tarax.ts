import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

export const svakomTaraxFirmware: FirmwareDefinition = {
  protocol: 'svakom-tarax',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data);
      if (packet?.which !== 0x00) return;
      const { command, fifth: level, sixth: mode } = packet;
      if (command === 0x09 && level <= 3 && mode === 0x00) toy.set(1, 'Vibrate', level);
      if (command !== 0x03) return;
      if (mode === 0x01 && level === 1) toy.set(0, 'Vibrate', 0);
      if (mode === 0x02 && level >= 1 && level <= 3) toy.set(0, 'Vibrate', level);
    },
  }),
};
