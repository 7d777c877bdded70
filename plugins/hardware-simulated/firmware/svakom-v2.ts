import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

export const svakomV2Firmware: FirmwareDefinition = {
  protocol: 'svakom-v2',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data);
      if (!packet) return;
      const { command, which, fifth, sixth: level } = packet;
      if (level > 10) return;
      if (command === 0x03 && which === 0x03 && fifth === (level > 0 ? 1 : 0)) toy.set(0, 'Vibrate', level);
      if (command === 0x06 && which === 0x01 && fifth === level) toy.set(1, 'Vibrate', level);
    },
  }),
};
