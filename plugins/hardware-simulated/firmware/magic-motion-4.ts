import type { FirmwareDefinition } from '../firmware.js';

const WITH_TWO_MOTORS = new Set(['umi', 'bobi2']);
/** The speeds are at offsets 9 and 14. */
const FRAME = [0x10, 0xff, 0x04, 0x0a, 0x32, 0x32, 0x00, 0x04, 0x08, 0x00, 0x64, 0x00, 0x04, 0x08, 0x00, 0x64, 0x01];

export const magicMotion4Firmware: FirmwareDefinition = {
  protocol: 'magic-motion-4',
  create: (toy) => ({
    write(endpoint, data) {
      const first = data[9] ?? 0;
      const second = data[14] ?? 0;
      if (endpoint !== 'tx' || data.length !== 17 || first > 100 || second > 100) return;
      if (!data.every((byte, place) => place === 9 || place === 14 || byte === FRAME[place])) return;
      toy.set(0, 'Vibrate', first);
      if (WITH_TWO_MOTORS.has(toy.identifier)) toy.set(1, 'Vibrate', second);
    },
  }),
};
