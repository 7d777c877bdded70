import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

export const svakomV3Firmware: FirmwareDefinition = {
  protocol: 'svakom-v3',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data);
      if (!packet) return;
      const { command, which, fifth, sixth } = packet;
      const isSteady = fifth === (sixth > 0 ? 1 : 0);
      if (command === 0x03 && which === 0x03 && sixth <= 10 && isSteady) toy.set(0, 'Vibrate', sixth);
      if (which !== 0x00) return;
      if (command === 0x08 && toy.identifier === 'FK008A' && fifth <= 1 && sixth === 0xff) toy.set(1, 'Rotate', fifth);
      if (command === 0x09 && toy.identifier === 'QH-SX007E' && sixth <= 1 && isSteady) toy.set(1, 'Vibrate', sixth);
    },
  }),
};
