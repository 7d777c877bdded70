import type { FirmwareDefinition } from '../firmware.js';

const WITH_TWO_MOTORS = new Set(['Cougar', '4 Plus', '4_Plus', '4plus', 'classic', 'Classic', 'Gala', 'Nova', 'Sync']);

/** Eight bytes: `0f`, mode, `00`, both levels in one byte (internal high), `00`, which motors are on, two more zeros. */
export const wevibeFirmware: FirmwareDefinition = {
  protocol: 'wevibe',
  create: (toy) => ({
    write(endpoint, data) {
      const [header, mode = 0, , levels = 0, , motors = 0] = data;
      if (endpoint !== 'tx' || data.length !== 8 || header !== 0x0f) return;
      const on = mode === 0 ? 0 : motors;
      toy.set(0, 'Vibrate', on & 2 ? levels >> 4 : 0);
      if (WITH_TWO_MOTORS.has(toy.identifier)) toy.set(1, 'Vibrate', on & 1 ? levels & 0x0f : 0);
    },
  }),
};
