import {
  bluetooth,
  defineProtocol,
  features,
  otherwise,
  perFeature,
  stateless,
  vibrate,
  withXor8,
} from 'pulsegate/plugin';

export const mannuo = defineProtocol({
  id: 'mannuo',
  brand: 'ManNuo',
  links: [
    bluetooth({
      names: ['Sex toys', 'Sex Toys', 'LXCDVP', 'MANO PRODUCT'],
      services: { fff0: { tx: 'fff1', rx: 'fff4' } },
    }),
  ],
  models: [
    otherwise('ManNuo Device', features(vibrate(3, { id: '36daf552-3c59-44b8-b00e-ff1e0e799fc6' })), {
      id: '6fe6ed71-8869-4a38-bfc1-a7adc112e14e',
    }),
  ],
  // One of the three built-in strengths at full speed (facts: protocols/mannuo, doubts).
  open: stateless(
    perFeature(({ value }) => withXor8([0xaa, 0x55, 0x06, 0x01, 0x01, 0x01, value, 0xfa]), { withResponse: true }),
  ),
});
