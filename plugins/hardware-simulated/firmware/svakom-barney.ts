import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom, runVibrators } from './svakom.js';

export const svakomBarneyFirmware: FirmwareDefinition = {
  protocol: 'svakom-barney',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data, 7);
      if (packet?.command === 0x03) runVibrators(toy, packet, 0x03, 2);
    },
  }),
};
