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

const standard = features(vibrate(100, { id: '140be13c-4cb3-407f-9597-e03f046f1c1a' }));

export const sexverseV5 = defineProtocol({
  id: 'sexverse-v5',
  brand: 'Sexverse',
  links: [bluetooth({ names: ['CBW02', 'CB-WXW03'], services: { ffcb: { tx: 'cb02' } } })],
  models: [
    otherwise('Sexverse Heart', standard, { id: '783bc287-528c-4c58-a7ec-47a49304309e' }),
    // The community's table has it under a misspelt key (facts: protocols/sexverse-v5, doubts).
    model('CB-WXW03', 'Hannibal Kona', standard, { brand: 'Hannibal', id: 'd3c4665b-d5bd-4144-ac20-b40a11a839d1' }),
  ],
  open: stateless(perFeature(({ value }) => [0xaa, 0x03, 0x03, value, 0x00, 0x00, 0x00])),
});
