import { battery, bluetooth, defineProtocol, features, model, otherwise, timedPosition } from 'pulsegate/plugin';
import { openKiirooV21 } from './kiiroo-v21.js';

export const kiirooV3 = defineProtocol({
  id: 'kiiroo-v3',
  brand: 'Kiiroo',
  corrections: [
    'The speed of a stroke is limited to 99, the fastest the devices know, because they ignore packets beyond it.',
  ],
  links: [bluetooth({ names: ['KEON WIFI', 'Keon Wifi'], services: { '1900': { tx: '1800', rx: '1903' } } })],
  models: [
    otherwise('Kiiroo V3 Device', features(), { id: 'b3b6151e-79b8-4aac-a777-0de6b9f2d893' }),
    model(
      ['KEON WIFI', 'Keon Wifi'],
      'Kiiroo Keon',
      features(
        timedPosition(99, 100_000, { id: 'f4ee99e7-1a14-4315-9870-3990bca7ff94' }),
        battery({ id: '90319514-ff68-40ae-805d-54ce392a60bd' }),
      ),
      { id: '62ba81c4-0ada-41be-b49d-d53426cdc277' },
    ),
  ],
  alsoDrives: ['Vibrate'],
  open: openKiirooV21,
});
