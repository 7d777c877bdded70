import type { OutputType } from 'pulsegate/plugin';
import type { FirmwareDefinition } from '../firmware.js';

const SECOND_MOTORS: ReadonlyMap<string, OutputType> = new Map([
  ['Eidolon', 'Vibrate'],
  ['Solstice X', 'Vibrate'],
  ['CBT001', 'Oscillate'],
]);
/** The speeds are at offsets 9 and 14. */
const FRAME = [0x10, 0xff, 0x04, 0x0a, 0x32, 0x0a, 0x00, 0x04, 0x08, 0x00, 0x64, 0x00, 0x04, 0x08, 0x00, 0x64, 0x01];

export const magicMotion2Firmware: FirmwareDefinition = {
  protocol: 'magic-motion-2',
  create: (toy) => ({
    write(endpoint, data) {
      const first = data[9] ?? 0;
      const second = data[14] ?? 0;
      if (endpoint !== 'tx' || data.length !== 17 || first > 100 || second > 100) return;
      if (!data.every((byte, place) => place === 9 || place === 14 || byte === FRAME[place])) return;
      toy.set(0, 'Vibrate', first);
      const type = SECOND_MOTORS.get(toy.identifier);
      if (type) toy.set(1, type, second);
    },
  }),
};
