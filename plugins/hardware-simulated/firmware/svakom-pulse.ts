import type { FirmwareDefinition } from '../firmware.js';
import { readSvakom } from './svakom.js';

/** Its slowest speed, 1, stands for off. */
export const svakomPulseFirmware: FirmwareDefinition = {
  protocol: 'svakom-pulse',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = readSvakom(endpoint, data);
      if (packet?.command !== 0x03 || packet.which !== 0x03) return;
      const { fifth: mode, sixth: speed } = packet;
      if (speed >= 1 && speed <= 10 && mode === (speed > 1 ? 1 : 0)) toy.set(0, 'Vibrate', speed - 1);
    },
  }),
};
