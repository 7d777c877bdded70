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

const standard = features(vibrate(3, { id: '1b336a6e-6f35-458f-837e-a0147f67c7f5' }));

export const liboElle = defineProtocol({
  id: 'libo-elle',
  brand: 'LiBo',
  links: [bluetooth({ names: ['PiPiJing', 'Shuidi'], services: { '6000': { tx: '6001', txmode: '6002' } } })],
  models: [
    otherwise('Libo Elle Device', standard, { id: 'fe54deb6-5c13-4f69-a804-1af5fce5de96' }),
    model('PiPiJing', 'LiBo Elle', standard, { id: 'af187899-8704-42f1-994e-694616576149' }),
    model('Shuidi', 'Libo Elle 2', standard, { id: '98f5289c-98b4-4410-bed2-4d3050a4761e' }),
  ],
  // The other endpoint gives electric shocks, and no table has a feature for it (facts: protocols/libo-elle, doubts).
  open: stateless(perFeature(({ value }) => [value], { endpoint: 'txmode' })),
});
