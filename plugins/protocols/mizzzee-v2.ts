import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

export const mizzzeeV2 = defineProtocol({
  id: 'mizzzee-v2',
  brand: 'Mizz Zee',
  links: [bluetooth({ names: ['XHT'], services: { eea0: { tx: 'ee01' } } })],
  models: [
    otherwise('Mizz Zee Device', features(vibrate(68, { id: 'e120abaf-dd55-4b8a-ba17-ea86155a819c' })), {
      id: '9fc65537-e8ae-4e54-bfcb-adebbe39d7e1',
    }),
  ],
  open: stateless(perFeature(({ value }) => [0x69, 0x96, 0x04, 0x02, value, 0x2c, value])),
});
