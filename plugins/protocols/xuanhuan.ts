import { bluetooth, defineProtocol, features, otherwise, packet, vibrate, wholeDevice } from 'pulsegate/plugin';
import { repetition } from './repetition.js';

/** How often a level other than 0 is sent again, ms. */
const REFRESH_MS = 300;
const CONFIRMED = { withResponse: true };

export const xuanhuan = defineProtocol({
  id: 'xuanhuan',
  brand: 'Xuanhuan',
  links: [bluetooth({ names: ['QUXIN'], services: { fffe: { tx: 'fe02' } } })],
  models: [
    otherwise('Xuanhuan Masturbator', features(vibrate(10, { id: 'b52a4a37-3eae-40da-a4c2-abe546934900' })), {
      id: '60b567f2-8b50-4673-a295-6dda343a7029',
    }),
  ],
  open(context) {
    let speed = 0;
    const data = () => [0x03, 0x02, 0x00, speed];
    const repeat = repetition(context, REFRESH_MS, () => packet('device', data(), CONFIRMED));
    return {
      output: wholeDevice((level) => {
        speed = level(0);
        repeat(speed > 0);
        return data();
      }, CONFIRMED),
    };
  },
});
