import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

export const svakomSam2Firmware: FirmwareDefinition = {
  protocol: 'svakom-sam2',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data, 7);
      if (packet?.which !== 0x00) return;
      const { command, fifth: mode, sixth: level } = packet;
      if (command === 0x03 && level <= 10 && mode === (level > 0 ? 0x05 : 0x00)) toy.set(0, 'Vibrate', level);
      if (command === 0x09 && level <= 5 && mode === (level > 0 ? 0x01 : 0x00)) toy.set(1, 'Constrict', level);
    },
  }),
};
