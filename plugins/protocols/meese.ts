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

const vibratorAndSuction = features(
  vibrate(10, { id: '86e146ce-8aca-4df1-bfca-67dcf4d241c4' }),
  vibrate(3, { id: 'd2a0c869-d3c7-4ad7-b1fb-a8c914584abf' }),
);

export const meese = defineProtocol({
  id: 'meese',
  brand: 'Meese',
  links: [bluetooth({ names: ['Meese-V389', 'Meese-cd'], services: { ffe0: { tx: 'ffe1' } } })],
  models: [
    otherwise('Meese Device', vibratorAndSuction, { id: '6ee04bd7-2f57-4ada-b622-b9bb210ff0c1' }),
    model('Meese-V389', 'Meese Tera', vibratorAndSuction, { id: '8fe479fd-8343-49a2-959b-47f4cd7104ac' }),
    model('Meese-cd', 'Meese Modo', features(vibrate(10, { id: '9bdae29d-46fc-4435-8a63-71927e5e1ada' })), {
      id: 'db5ab134-ecc8-4f50-9339-20908f8894e6',
    }),
  ],
  open: stateless(perFeature(({ feature, value }) => [0x01, 0x80, feature.index + 1, value], { withResponse: true })),
});
