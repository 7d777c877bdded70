import {
  bluetooth,
  defineProtocol,
  features,
  oscillate,
  otherwise,
  perFeature,
  stateless,
  withSum8,
} from 'pulsegate/plugin';

export const xibao = defineProtocol({
  id: 'xibao',
  brand: 'Xibao',
  links: [bluetooth({ names: ['CCYB_*'], services: { fff0: { tx: 'fff2' } } })],
  models: [
    otherwise('Xibao Smart Masturbation Cup', features(oscillate(99, { id: 'c91a5d82-547c-4bcb-8cd9-1a5085253d11' })), {
      id: '3a3dd2ec-01d9-48d2-afbf-a969c33a147c',
    }),
  ],
  open: stateless(
    perFeature(({ value }) => withSum8([0x66, 0x3a, 0x00, 0x06, 0x00, 0x06, 0x01, 0x02, 0x00, 0x02, 0x04, value])),
  ),
});
