import { bluetooth, defineProtocol, features, otherwise, packet, vibrate } from 'pulsegate/plugin';
import { repetition } from './repetition.js';

/** A speed lasts only a moment, so it is repeated this often, ms. */
const REPEAT_MS = 100;

const speed = (level: number) => packet('device', [0x55, 0x04, 0x00, 0x00, 0x00, level]);
const off = packet('device', [0x55, 0x03, 0x01, 0x00, 0x00, 0x00]);

export const hgod = defineProtocol({
  id: 'hgod',
  brand: 'Hgod',
  corrections: [
    'A stop sends the off packet of the built-in patterns as well, because without it the motor would go on until it times out.',
  ],
  links: [bluetooth({ names: ['AMN NEO'], services: { ffe3: { tx: 'ffe1', rx: 'ffe2' } } })],
  models: [
    otherwise('Hgod Device', features(vibrate(10, { id: 'cd638669-9f47-400f-8dcf-80583e7e563a' })), {
      id: 'd786a1cc-7a7c-4b8b-996c-1d2fce573ca2',
    }),
  ],
  open(context) {
    let level = 0;
    const repeat = repetition(context, REPEAT_MS, () => speed(level));
    return {
      output({ value }) {
        level = value;
        repeat(value > 0);
        // Silence alone stops the motor late, or never (facts: protocols/hgod, doubts).
        return [value > 0 ? speed(value) : off];
      },
    };
  },
});
