import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

export const svakomJordanFirmware: FirmwareDefinition = {
  protocol: 'svakom-jordan',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data, 7);
      if (packet?.which !== 0x00) return;
      const { command, fifth: mode, sixth: level } = packet;
      if (mode !== (level > 0 ? 1 : 0)) return;
      if (command === 0x03 && level <= 10) toy.set(0, 'Vibrate', level);
      if (command === 0x08 && level <= 5) toy.set(1, 'Oscillate', level);
    },
  }),
};
