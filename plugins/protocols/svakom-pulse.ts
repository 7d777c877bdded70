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

const standard = features(vibrate(9, { id: '0ee3c15e-b05d-4c97-bb4a-523a5475c520' }));

export const svakomPulse = defineProtocol({
  id: 'svakom-pulse',
  brand: 'Svakom',
  links: [
    bluetooth({
      names: [
        'SWK-SX013A',
        'Pulse Union',
        'Pulse Galaxie',
        'SX033APP',
        'SX033A',
        'BX288A',
        'QH-SX045A-B',
        'SWK-SX067-B',
        'QH-HX029A-B',
      ],
      services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } },
    }),
  ],
  models: [
    otherwise('Svakom Pulse Device', standard, { id: '91a8f7f5-d774-4beb-ad76-9864b3a46597' }),
    model('SWK-SX013A', 'Svakom Pulse Lite Neo', standard, { id: '5b9918c8-af63-409f-9749-f5e6faf2dca0' }),
    model('Pulse Union', 'Svakom Pulse Union', standard, { id: 'f40b1405-cf40-43c5-a568-24e3d2d70c65' }),
    model('Pulse Galaxie', 'Svakom Pulse Galaxie', standard, { id: 'cd29302f-31f9-4c9f-aa12-ab381f941e82' }),
    model(['SX033APP', 'SX033A'], 'Svakom Mimiki', standard, { id: 'ccb6ce6f-5dc7-4ce4-bd31-3e8f3af14a4b' }),
    model('BX288A', 'BeYourLover Kyukyu', standard, {
      id: 'ea05be83-2991-4cb5-8ad0-b108e0a52a5a',
      brand: 'BeYourLover',
    }),
    model('QH-SX045A-B', 'Coleur Dor VX045A', standard, {
      id: '8abdd83e-af93-4f82-b240-d9eeed81e976',
      brand: 'Coleur Dor',
    }),
    model('SWK-SX067-B', 'Momonii Agatha', standard, { id: 'db486014-b4da-4cad-90f4-2ba53a36e335', brand: 'Momonii' }),
    model('QH-HX029A-B', 'Coleur Dor HX029A', standard, {
      id: 'b9851f7f-ddc8-4df5-ad81-3071ec9daab1',
      brand: 'Coleur Dor',
    }),
  ],
  // Its speeds are counted from 1, off too.
  open: stateless(perFeature(({ value }) => [0x55, 0x03, 0x03, 0x00, on(value), value + 1])),
});
