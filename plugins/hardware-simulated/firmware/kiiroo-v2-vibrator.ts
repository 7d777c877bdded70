import type { FirmwareDefinition } from '../firmware.js';

const MOTORS = new Map([
  ['Pearl2', 1],
  ['Fuse', 2],
  ['Virtual Rabbit', 2],
  ['Virtual Blowbot', 3],
  ['Titan', 3],
]);

export const kiirooV2VibratorFirmware: FirmwareDefinition = {
  protocol: 'kiiroo-v2-vibrator',
  create(toy) {
    const motors = MOTORS.get(toy.identifier) ?? 0;
    return {
      write(endpoint, data) {
        if (endpoint !== 'tx' || data.length !== 3 || data.some((level) => level > 100)) return;
        for (const [index, level] of data.subarray(0, motors).entries()) toy.set(index, 'Vibrate', level);
      },
    };
  },
};
