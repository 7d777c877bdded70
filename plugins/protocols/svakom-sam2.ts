import {
  bluetooth,
  byType,
  constrict,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';
import { command } from './svakom.js';

const standard = features(
  vibrate(10, { id: '9f584905-3bcb-4a60-9a56-2c2d69c81a8c' }),
  constrict(5, { id: '7580e615-c22c-4242-b599-9b4041bfa400' }),
);

/** Mode 1 is a pattern on these. */
const STEADY = 0x05;

export const svakomSam2 = defineProtocol({
  id: 'svakom-sam2',
  brand: 'Svakom',
  links: [bluetooth({ names: ['Sam Neo 2', 'Sam Neo 2 Pro'], services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } } })],
  models: [
    model('Sam Neo 2', 'Svakom Sam Neo 2', standard, { id: 'f32b4e50-ec7e-4b76-8f29-4b4777da7c22' }),
    model('Sam Neo 2 Pro', 'Svakom Sam Neo 2 Pro', standard, { id: '869e4518-1565-4b3b-8d15-45c860c848c2' }),
    // The last: whoever looks a model up by its name is to find the one that toys are told to be.
    otherwise('Svakom Sam Neo 2', standard, { id: '88c0807b-7b34-4f4b-ad95-2e9e31f4f291' }),
  ],
  open: stateless(
    byType({
      Vibrate: perFeature(({ value }) => command(0x03, value, STEADY), { withResponse: true }),
      Constrict: perFeature(({ value }) => command(0x09, value), { withResponse: true }),
    }),
  ),
});
