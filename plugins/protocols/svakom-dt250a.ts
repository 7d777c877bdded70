import {
  bluetooth,
  byType,
  constrict,
  defineProtocol,
  features,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';
import { on } from './svakom.js';

export const svakomDt250a = defineProtocol({
  id: 'svakom-dt250a',
  brand: 'Coleur Dor',
  corrections: [
    'Packets keep 30 ms between the first two and 250 ms after that; the device loses those that follow more closely.',
  ],
  packetGapsMs: [30, 250],
  links: [bluetooth({ names: ['DT250A'], services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } } })],
  models: [
    otherwise(
      'Coleur Dor DT250A',
      features(
        vibrate(3, { id: '608e34f1-69eb-4469-95e2-c56fb26d7db6' }),
        vibrate(3, { id: '75e9695f-7049-4ad7-a8db-a85f62868266' }),
        constrict(2, { id: '5fd9d9a0-4f7c-4ef4-87d5-5081f41499f3' }),
      ),
      { id: '7897a4fc-e45a-4f23-b04f-91415b3eeef7' },
    ),
  ],
  open: stateless(
    byType({
      Vibrate: perFeature(({ feature, value }) => [
        0x55,
        feature.index === 0 ? 0x03 : 0x08,
        0x00,
        0x00,
        value,
        on(value),
      ]),
      Constrict: perFeature(({ value }) => [0x55, 0x09, 0x00, 0x00, value, 0x00]),
    }),
  ),
});
