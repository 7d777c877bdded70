import type { FirmwareDefinition } from '../firmware.js';

/** The speed is at offset 9. */
const FRAME = [0x0b, 0xff, 0x04, 0x0a, 0x32, 0x32, 0x00, 0x04, 0x08, 0x00, 0x64, 0x00];

export const magicMotion1Firmware: FirmwareDefinition = {
  protocol: 'magic-motion-1',
  create: (toy) => ({
    write(endpoint, data) {
      const level = data[9] ?? 0;
      if (endpoint !== 'tx' || data.length !== 12 || level > 100) return;
      if (data.every((byte, place) => place === 9 || byte === FRAME[place]))
        toy.set(0, toy.identifier === 'Xone' ? 'Oscillate' : 'Vibrate', level);
    },
  }),
};
