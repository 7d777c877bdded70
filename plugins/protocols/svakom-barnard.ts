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

export const svakomBarnard = defineProtocol({
  id: 'svakom-barnard',
  brand: 'Fantasy Cup',
  links: [bluetooth({ names: ['DG239A'], services: { ffe0: { tx: 'ffe1' } } })],
  models: [
    otherwise(
      'Fantasy Cup Barnard',
      features(
        vibrate(3, { id: '7abda591-db6f-492c-a781-5f90d648b561' }),
        oscillate(3, { id: '5ec8c88b-bd24-4e94-bec1-467735a74b80' }),
      ),
      { id: 'aaebe699-02dd-461f-879d-c71da8c2d892' },
    ),
  ],
  open: stateless(
    byType({
      Vibrate: perFeature(({ value }) => [0x55, 0x03, 0x00, 0x00, value, on(value)]),
      Oscillate: perFeature(({ value }) => [0x55, 0x08, 0x00, 0x00, value, value > 0 ? 0xff : 0x00]),
    }),
  ),
});
