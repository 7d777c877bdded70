import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

export const realov = defineProtocol({
  id: 'realov',
  brand: 'Realov',
  links: [bluetooth({ names: ['REALOV_VIBE'], services: { ffe0: { tx: 'ffe1' } } })],
  models: [
    otherwise('Realov Device', features(vibrate(50, { id: '7d9d20cd-1a03-487f-b6c7-9b337c49e534' })), {
      id: '79b23444-7e36-4042-bd52-86221c67c988',
    }),
  ],
  open: stateless(perFeature(({ value }) => [0xc5, 0x55, value, 0xaa])),
});
