import { bluetooth, defineProtocol, features, otherwise, packet, timedPosition } from 'pulsegate/plugin';
import { strokesUpTo } from './strokes.js';

/** A longer time would wrap and make a slow move fast (facts: protocols/fleshy-thrust, doubts). */
const LONGEST_MS = 0xffff;

export const fleshyThrust = defineProtocol({
  id: 'fleshy-thrust',
  brand: 'Fleshy Thrust',
  corrections: [
    'A move of more than 65.5 s takes 65.5 s: the packet has no room for more, and a time that overflows would make the move faster than asked for.',
  ],
  links: [bluetooth({ names: ['BT05'], services: { ffe0: { tx: 'ffe1' } } })],
  models: [
    otherwise(
      'Fleshy Thrust Sync',
      features(timedPosition(180, 100000, { id: 'a8185061-6d41-4eea-bc24-1ff1c5c405b9' })),
      { id: 'f273ebd5-a698-4c35-9c46-0625fa442960' },
    ),
  ],
  open({ clock }) {
    return strokesUpTo(clock, LONGEST_MS, ({ feature, value, duration }) =>
      packet(feature.index, [value, duration >> 8, duration & 0xff]),
    );
  },
});
