import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

export const xiuxiuda = defineProtocol({
  id: 'xiuxiuda',
  brand: 'Xiuxiuda',
  links: [
    bluetooth({
      names: ['XXD-Lush*'],
      services: { '53300001-0023-4bd4-bbd5-a6920e4c5653': { tx: '53300003-0023-4bd4-bbd5-a6920e4c5653' } },
    }),
  ],
  models: [
    otherwise('Xiuxiuda Device', features(vibrate(19, { id: 'da1eb27b-6159-40f8-9662-69d9ca77f768' })), {
      id: '2982ea67-a59f-4490-9a7c-23583a4ec642',
    }),
  ],
  open: stateless(perFeature(({ value }) => [0x00, 0x00, 0x00, 0x00, 0x65, 0x3a, 0x30, value, 0x64])),
});
