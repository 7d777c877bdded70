import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

export const svakomDice = defineProtocol({
  id: 'svakom-dice',
  brand: 'Zemalia',
  links: [bluetooth({ names: ['ZhiAi'], services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } } })],
  models: [
    otherwise('Zemalia Dice for Love', features(vibrate(255, { id: '60b702d6-d3ff-4554-a3ae-f4638ddc74ef' })), {
      id: '5845f3f5-6943-41df-93df-04b3b1ce7ce2',
    }),
  ],
  open: stateless(perFeature(({ value }) => [0x55, 0x04, 0x00, 0x00, 0x01, value, 0xaa])),
});
