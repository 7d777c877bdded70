import { bluetooth, defineProtocol, features, model, otherwise, timedPosition } from 'pulsegate/plugin';
import { strokesAndVibration } from './kiiroo-v21.js';

const stroker = (id: string) => features(timedPosition(99, 100_000, { id }));

export const kiirooV21Initialized = defineProtocol({
  id: 'kiiroo-v21-initialized',
  brand: 'Kiiroo',
  corrections: [
    'The speed of a stroke is limited to 99, the fastest the devices know, because they ignore packets beyond it.',
  ],
  links: [
    bluetooth({
      names: ['Rey', 'We-Vibe Rocketman', 'Realm1.1', 'Onyx2.1', 'Onyx+', 'KEON', 'Keon R2'],
      services: { '1900': { whitelist: '1901', tx: '1902', rx: '1903' } },
    }),
  ],
  models: [
    otherwise('Kiiroo V2.1 Initialized Device', features(), { id: 'bd9c7fa4-214b-4871-8373-c5266ace0b90' }),
    model('Onyx2.1', 'Kiiroo Onyx 2.1', stroker('8cd94334-adde-4d9b-aad9-c2de93adb2c0'), {
      id: 'eac00879-448c-46ed-aaa5-efe86226fb48',
    }),
    model('Onyx+', 'Kiiroo Onyx+', stroker('c66d882d-f752-45b4-806e-166d3e160eb8'), {
      id: '40dafef9-ef94-4b03-8b8a-e9d7e9fef317',
    }),
    model(['KEON', 'Keon R2'], 'Kiiroo Keon', stroker('da002a11-610a-4e13-94c5-4c45d51814f2'), {
      id: 'f3675b2e-d7b8-463b-8b91-30a5ebef24f4',
    }),
    model(
      ['Rey', 'We-Vibe Rocketman', 'Realm1.1'],
      'Kiiroo Onyx+ Realm Edition',
      stroker('8c896f82-2e17-46f9-9db2-531cc7e42236'),
      { id: 'd2fde950-8e0a-4231-8ebc-5c39dcf3349f' },
    ),
  ],
  alsoDrives: ['Vibrate'],
  async open({ link, clock }) {
    // To a quarter of the way, and back to where the first stroke is reckoned from.
    for (const position of [25, 0]) {
      await link.write('tx', Uint8Array.of(0x03, 0x00, 100, position), { withResponse: true });
    }
    return strokesAndVibration(clock, { isHomed: true });
  },
});
