import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

export const svakomAlexV2Firmware: FirmwareDefinition = {
  protocol: 'svakom-alex-v2',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data);
      if (packet?.command !== 0x03 || packet.which !== 0x03) return;
      const { fifth: level, sixth: check } = packet;
      if (level <= 3 && check === level + 5) toy.set(0, 'Vibrate', level);
    },
  }),
};
