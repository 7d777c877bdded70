import {
  bluetooth,
  byType,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  rotate,
  stateless,
  vibrate,
} from 'pulsegate/plugin';
import { on } from './svakom.js';

const standard = features(vibrate(10, { id: '1e03f6a5-0197-4a5e-afb5-dcc1266c6a6e' }));

export const svakomV3 = defineProtocol({
  id: 'svakom-v3',
  brand: 'Svakom',
  links: [
    bluetooth({
      names: ['Phoenix Neo 2', 'FK008A', 'Hannes NEO', 'QH-SX007E'],
      services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } },
    }),
  ],
  models: [
    otherwise('Svakom Device v3', standard, { id: '58212e06-d13e-461d-a8cd-5bd06cbe5d0c' }),
    model('Phoenix Neo 2', 'Svakom Phoenix Neo 2', standard, { id: '14a51507-e4c8-4433-a87b-0a0464c00e31' }),
    model(
      'FK008A',
      'Fantasy Cup Theodore',
      features(
        vibrate(10, { id: '737fe419-62fa-4e1b-b6d0-2684cbe8b31f' }),
        rotate(1, { id: '5e612940-1d00-4680-aa3a-1b052755a01d' }),
      ),
      { id: 'cdd17d02-603a-4a86-af6b-f2c97d09ed84', brand: 'Fantasy Cup' },
    ),
    model('Hannes NEO', 'Svakom Hannes Neo', standard, { id: 'd2fda3c5-fa1f-45b5-8f98-a9c33e83922d' }),
    model(
      'QH-SX007E',
      'Svakom Alberta',
      features(
        vibrate(10, { id: '1859c6fa-1d2f-46c8-b97c-75a7ca62be8c', description: 'Vibrating attachments' }),
        vibrate(1, { id: '63b84610-b32b-4526-a29a-4acb9ad4939d', description: 'Suction lens' }),
      ),
      { id: '4e1d7b1c-133d-4d7c-9cfe-f4c4e5d0ca01' },
    ),
  ],
  open: stateless(
    byType({
      Vibrate: perFeature(({ feature, value }) =>
        feature.index === 0 ? [0x55, 0x03, 0x03, 0x00, on(value), value] : [0x55, 0x09, 0x00, 0x00, on(value), value],
      ),
      Rotate: perFeature(({ value }) => [0x55, 0x08, 0x00, 0x00, Math.abs(value), 0xff]),
    }),
  ),
});
