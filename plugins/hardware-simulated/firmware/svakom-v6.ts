import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom, runVibrators } from './svakom.js';

export const svakomV6Firmware: FirmwareDefinition = {
  protocol: 'svakom-v6',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data, 7);
      if (!packet) return;
      const { command, which, fifth: mode, sixth: level } = packet;
      const hasPulsator = toy.identifier === 'Iker Neo';
      if (command === 0x03) runVibrators(toy, packet, 0x01, hasPulsator || toy.identifier === 'Vick Neo 2' ? 2 : 1);
      if (command !== 0x07 || which !== 0x00 || !hasPulsator) return;
      if (level <= 5 && mode === (level > 0 ? 1 : 0)) toy.set(2, 'Vibrate', level);
    },
  }),
};
