import {
  bluetooth,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';
import { on } from './svakom.js';

const standard = features(vibrate(19, { id: '22eb4b95-60f9-4885-80e7-279d02d59804' }));

export const svakomV1 = defineProtocol({
  id: 'svakom-v1',
  brand: 'Svakom',
  links: [
    bluetooth({
      names: ['Aogu SUV', 'Aogu SCB', 'Emma NEO', 'Phoenix NEO'],
      services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } },
    }),
  ],
  models: [
    otherwise('Svakom Device', standard, { id: '77a1dde5-f31a-4fcb-972b-8094181c187f' }),
    model('Aogu SCB', 'Svakom Ella', standard, { id: '46a3fb4f-5e26-45c0-9fd1-176ec896048c' }),
    model('Phoenix NEO', 'Svakom Phoenix Neo', standard, { id: 'c9556aba-5bda-4f23-a690-623c4b9ee04b' }),
    model('Emma NEO', 'Svakom Emma Neo', standard, { id: '68d39a06-e350-47ef-8834-e3197178b00e' }),
  ],
  open: stateless(perFeature(({ value }) => [0x55, 0x04, 0x03, 0x00, on(value), value])),
});
