import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

export const svakomAlex = defineProtocol({
  id: 'svakom-alex',
  brand: 'Svakom',
  links: [bluetooth({ names: ['Alex NEO', 'S63E Alex NEO'], services: { ffe0: { tx: 'ffe1' } } })],
  models: [
    otherwise('Svakom Alex Neo', features(vibrate(3, { id: '323f02f5-f1ab-40b9-ba8b-eba65de178c3' })), {
      id: '39ee59bc-fdc5-47c4-8da6-2c208e30a7b6',
    }),
  ],
  // Stopping has a code of its own.
  open: stateless(perFeature(({ value }) => [0x12, 0x01, 0x03, 0x00, value > 0 ? value : 0xff, 0x00])),
});
