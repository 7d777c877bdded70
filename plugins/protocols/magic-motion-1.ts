import {
  battery,
  bluetooth,
  defineProtocol,
  features,
  model,
  oscillate,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const standard = features(
  vibrate(100, { id: '42173db5-95ac-49b5-8a5a-73a63d91fcec' }),
  battery({ id: 'bcaf7da8-2e98-47e3-b22c-2204daf40a27', description: 'battery Level' }),
);

export const magicMotion1 = defineProtocol({
  id: 'magic-motion-1',
  brand: 'Magic Motion',
  links: [
    bluetooth({
      names: [
        'Smart Mini Vibe*',
        'Flamingo',
        'Flamingo T',
        'Smart Bean',
        'Smart Bean3',
        'Magic Cell',
        'Magic Wand',
        'Fugu',
        'Fugu2',
        'Gballs2',
        'GBalls3',
        'FM-LILAC-101',
        'Xone',
        'CBT002',
      ],
      services: {
        '78667579-7b48-43db-b8c5-7928a6b0a335': { tx: '78667579-a914-49a4-8333-aa3c0cd8fedc' },
        '180f': { rxblebattery: '2a19' },
      },
    }),
  ],
  models: [
    otherwise('Magic Motion V1 Device', standard, { id: '2525206c-8bdc-4803-9636-79576f3e692f' }),
    model('Smart Bean', 'MagicMotion Smart Bean', standard, { id: 'ef285932-0c7e-4edb-bc81-ce0c59f41c4a' }),
    model('Smart Bean3', 'FitCute Kegel Rejuve', standard, {
      id: '5adced22-1742-4e1e-bf75-225275a500b0',
      brand: 'FitCute',
    }),
    model('Smart Mini Vibe', 'MagicMotion Smart Mini Vibe', standard, { id: '0a69e7c1-51ca-49c1-91a3-c58debba037e' }),
    model('Smart Mini Vibe3', 'MagicMotion Vini', standard, { id: 'c006d72e-5fee-4643-b324-35fa6d56e176' }),
    model(['Flamingo', 'Flamingo T'], 'MagicMotion Flamingo', standard, { id: 'efa69977-2c7b-4c0f-b9e6-ffa4d9c36630' }),
    model('Magic Bean', 'MagicMotion Kegel', standard, { id: '7239ca39-f8fd-4727-940b-04483f08cfb9' }),
    model('Magic Cell', 'MagicMotion Dante/Candy/Rise', standard, { id: '5596e91a-e336-4f26-b6da-19858be7ab67' }),
    model('Magic Wand', 'MagicMotion Wand', standard, { id: '91c15cc1-3021-44fb-a64d-3231c007705a' }),
    model(['Magic Fugu', 'Fugu', 'Fugu2'], 'MagicMotion Fugu', standard, {
      id: '3eefb122-6f5d-4e06-99c5-a89164b1d219',
    }),
    model('Gballs2', 'G Vibe Gballs 2', standard, { id: 'a9c33895-4f0a-4ecc-a849-2e632dbc8f29', brand: 'G Vibe' }),
    model('GBalls3', 'G Vibe Gballs 3', standard, { id: 'c802d1e6-968a-4451-86e0-248e85e3d50d', brand: 'G Vibe' }),
    model('FM-LILAC-101', 'Femometer Lilac', standard, {
      id: 'ef73c48c-8f6a-44e2-940a-0dd45f69cfb2',
      brand: 'Femometer',
    }),
    model(
      'Xone',
      'MagicMotion Xone',
      features(
        oscillate(100, { id: 'ccd72f20-d37a-4e05-bad3-122c5da80b37' }),
        battery({ id: '98a2e5c4-c4de-4ac5-a9db-b3e24a24424a', description: 'battery Level' }),
      ),
      { id: 'b24d166f-b6e0-4c9b-a056-8296564b19a8' },
    ),
    model('CBT002', 'FunTown Caleo', standard, { id: 'b6dc5c46-0919-4a45-900e-f83afae8b942', brand: 'FunTown' }),
  ],
  open: stateless(perFeature(({ value }) => [0x0b, 0xff, 0x04, 0x0a, 0x32, 0x32, 0x00, 0x04, 0x08, value, 0x64, 0x00])),
});
