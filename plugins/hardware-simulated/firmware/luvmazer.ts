import type { OutputType } from 'pulsegate/plugin';
import type { FirmwareDefinition } from '../firmware.js';

const TYPES: ReadonlyMap<number, OutputType> = new Map([
  [0x01, 'Vibrate'],
  [0x06, 'Oscillate'],
  [0x0d, 'Constrict'],
  [0x0f, 'Rotate'],
]);

export const luvmazerFirmware: FirmwareDefinition = {
  protocol: 'luvmazer',
  create: (toy) => ({
    write(endpoint, data) {
      const [header, command = 0, , motor = 0, strength, level = 0] = data;
      if (endpoint !== 'tx' || data.length !== 6 || header !== 0xa0) return;
      const type = TYPES.get(command);
      if (type === 'Constrict') {
        if (strength === (level === 0 ? 0x00 : 0x14) && level <= 54) toy.set(2, type, level);
        return;
      }
      if (type && strength === 0x64) toy.set(type === 'Vibrate' ? motor : 1, type, level);
    },
  }),
};
