import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

export const svakomV1Firmware: FirmwareDefinition = {
  protocol: 'svakom-v1',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data);
      if (packet?.command !== 0x04 || packet.which !== 0x03) return;
      const { fifth: mode, sixth: level } = packet;
      if (level <= 19 && mode === (level > 0 ? 1 : 0)) toy.set(0, 'Vibrate', level);
    },
  }),
};
