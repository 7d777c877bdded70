import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

export const svakomAlexV2 = defineProtocol({
  id: 'svakom-alex-v2',
  brand: 'Svakom',
  links: [bluetooth({ names: ['Alex NEO 2', 'S63E Alex NEO 2'], services: { ffe0: { tx: 'ffe1' } } })],
  models: [
    otherwise('Svakom Alex Neo 2', features(vibrate(3, { id: '807083a6-aca2-499d-84c0-fe1e8884f222' })), {
      id: '632c2055-3c47-439d-8fcc-e3ee0b0288e5',
    }),
  ],
  open: stateless(perFeature(({ value }) => [0x55, 0x03, 0x03, 0x00, value, value + 0x05])),
});
