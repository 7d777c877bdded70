import {
  bluetooth,
  byType,
  defineProtocol,
  features,
  oscillate,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';
import { on } from './svakom.js';

export const svakomAvaneo = defineProtocol({
  id: 'svakom-avaneo',
  brand: 'Svakom',
  corrections: ['Packets keep 35 ms between them; the device loses those that follow more closely.'],
  packetGapsMs: [35],
  links: [bluetooth({ names: ['Ava Neo'], services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } } })],
  models: [
    otherwise(
      'Svakom Ava Neo',
      features(
        vibrate(10, { id: '9dbdf85e-6692-4a95-b8a1-da350327a9a3' }),
        oscillate(1, { id: '878fb1f8-8c38-4058-bd0f-859584d14cef' }),
      ),
      { id: '8254195f-4c38-425d-b5e6-352ad644399a' },
    ),
  ],
  open: stateless(
    byType({
      Vibrate: perFeature(({ feature, value }) =>
        feature.index === 0 ? [0x55, 0x03, 0x00, 0x00, on(value), value] : [0x55, 0x09, 0x00, 0x00, value, 0xff],
      ),
      Oscillate: perFeature(({ value }) => [0x55, 0x08, 0x00, 0x00, value, 0xff]),
    }),
  ),
});
