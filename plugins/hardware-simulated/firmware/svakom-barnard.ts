import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

export const svakomBarnardFirmware: FirmwareDefinition = {
  protocol: 'svakom-barnard',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data);
      if (packet?.which !== 0x00 || packet.fifth > 3) return;
      const { command, fifth: level, sixth: end } = packet;
      if (command === 0x03 && end === (level > 0 ? 0x01 : 0x00)) toy.set(0, 'Vibrate', level);
      if (command === 0x08 && end === (level > 0 ? 0xff : 0x00)) toy.set(1, 'Oscillate', level);
    },
  }),
};
