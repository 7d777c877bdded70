import type { FirmwareDefinition } from '../firmware.js';

/** Newer toys run steadily in the first of these, older ones in the second. */
const STEADY = new Set([0x04, 0x05]);

export const svakomSamFirmware: FirmwareDefinition = {
  protocol: 'svakom-sam',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data[0] !== 0x12) return;
      const [, command, kind, level = 0, pattern = 0, speed = 0] = data;
      if (data.length === 6 && command === 0x01 && kind === 0x03 && level === 0x00 && speed <= 10) {
        if (pattern === 0x00) toy.set(0, 'Vibrate', 0);
        if (STEADY.has(pattern)) toy.set(0, 'Vibrate', speed);
      }
      if (data.length === 4 && command === 0x06 && kind === 0x01 && level <= 1) toy.set(1, 'Constrict', level);
    },
  }),
};
