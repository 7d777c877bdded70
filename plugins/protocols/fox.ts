import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

export const fox = defineProtocol({
  id: 'fox',
  brand: 'Fox',
  links: [bluetooth({ names: ['FOX', 'FOX M70 Pro', 'FoxM70Pro', 'FOX M70-2'], services: { ae00: { tx: 'ae01' } } })],
  models: [
    otherwise('Fox Device', features(vibrate(3, { id: 'e43828a2-7dc6-4af1-b450-73c50441849f' })), {
      id: '4138dc32-5276-47e8-89d4-fddc6ca42c1d',
    }),
  ],
  open: stateless(perFeature(({ value }) => [0x03, 0x01, 0x01, 0xfe, value])),
});
