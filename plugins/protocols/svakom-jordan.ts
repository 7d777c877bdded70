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
import { command } from './svakom.js';

export const svakomJordan = defineProtocol({
  id: 'svakom-jordan',
  brand: 'Svakom',
  links: [bluetooth({ names: ['Jordan'], services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } } })],
  models: [
    otherwise(
      'Svakom Jordan',
      features(
        vibrate(10, { id: 'f59261c4-39a7-4e13-b7e8-52c0a117ea7f' }),
        oscillate(5, { id: '84200741-7440-4267-b9a1-519eebe884ed' }),
      ),
      { id: '89877d1d-9a8f-4265-93d7-7dbe4c093a58' },
    ),
  ],
  open: stateless(
    byType({
      Vibrate: perFeature(({ value }) => command(0x03, value)),
      Oscillate: perFeature(({ value }) => command(0x08, value)),
    }),
  ),
});
