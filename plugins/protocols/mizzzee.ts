import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

export const mizzzee = defineProtocol({
  id: 'mizzzee',
  brand: 'Mizz Zee',
  links: [bluetooth({ names: ['NFY008'], services: { eea0: { tx: 'eea1' } } })],
  models: [
    otherwise('Mizz Zee Device', features(vibrate(68, { id: 'be144c33-8f81-42b7-b43b-1def688feedf' })), {
      id: 'd8aa061f-f60d-4e0c-a638-cbbae4493c3b',
    }),
  ],
  open: stateless(perFeature(({ value }) => [0x69, 0x96, 0x03, 0x01, value > 0 ? 0x01 : 0x00, value])),
});
