import type { FirmwareDefinition } from '../firmware.js';

/** Seven bytes: a number, `02 00 03`, which motor, level, checksum of all but the number. */
export const tryfunBlackholeFirmware: FirmwareDefinition = {
  protocol: 'tryfun-blackhole',
  advertisedName: (identifier) => (identifier === 'TF-ROCK' ? identifier : 'TF-BHPLUS'),
  create(toy) {
    const isRock = toy.identifier === 'TF-ROCK';
    return {
      write(endpoint, data) {
        const [, version, , length, motor = 0, level = 0, sum] = data;
        if (endpoint !== 'tx' || data.length !== 7 || version !== 0x02 || length !== 0x03) return;
        if (level > (isRock ? 50 : 100) || sum !== 0x100 - motor - level) return;
        if (motor === 0x0c && !isRock) toy.set(0, 'Oscillate', level);
        if (motor === 0x09) toy.set(1, 'Vibrate', level);
      },
    };
  },
};
