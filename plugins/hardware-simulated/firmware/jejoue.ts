import type { FirmwareDefinition } from '../firmware.js';

/** Which motors run in the patterns that leave them at one level; the others are not simulated. */
const PATTERNS: ReadonlyMap<number, readonly [larger: boolean, smaller: boolean]> = new Map([
  [1, [true, true]],
  [2, [true, false]],
  [3, [false, true]],
]);

export const jejoueFirmware: FirmwareDefinition = {
  protocol: 'jejoue',
  advertisedName: () => 'Je Joue',
  create: (toy) => ({
    write(endpoint, data) {
      const [pattern = 0, level = 0] = data;
      if (endpoint !== 'tx' || data.length !== 2 || level > 5) return;
      PATTERNS.get(pattern)?.forEach((runs, motor) => {
        toy.set(motor, 'Vibrate', runs ? level : 0);
      });
    },
  }),
};
