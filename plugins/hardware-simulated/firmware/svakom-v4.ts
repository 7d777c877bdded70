import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom, runVibrators } from './svakom.js';

export const svakomV4Firmware: FirmwareDefinition = {
  protocol: 'svakom-v4',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data, 7);
      if (packet?.command === 0x03) runVibrators(toy, packet, 0x01, toy.identifier === 'VV468A' ? 1 : 2);
    },
  }),
};
