import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

export const cupido = defineProtocol({
  id: 'cupido',
  brand: 'Cupido',
  links: [bluetooth({ names: ['MY2607-BLE-V1.0'], services: { f0b0: { tx: 'f0b1', rx: 'f0b2' } } })],
  models: [
    otherwise('Cupido Device', features(vibrate(255, { id: '7f645006-1074-415f-8b06-43aa473573c0' })), {
      id: '8ef3fe28-6903-4418-9dd8-5323788ca961',
    }),
  ],
  open: stateless(perFeature(({ value }) => [0xb0, 0x03, 0x00, 0x00, 0x00, value, 0xaa])),
});
