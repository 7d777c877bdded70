import {
  battery,
  bluetooth,
  defineProtocol,
  features,
  model,
  oscillate,
  otherwise,
  stateless,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

const twoVibratorsAndBattery = (a: string, b: string, c: string) =>
  features(vibrate(100, { id: a }), vibrate(100, { id: b }), battery({ id: c, description: 'battery Level' }));
const standard = features(
  vibrate(100, { id: '4fe8ab2c-2811-416c-967c-fce58cb8a2f3' }),
  battery({ id: '014cdffe-d3d5-4bba-acf4-f26e809b45ec', description: 'battery Level' }),
);

export const magicMotion2 = defineProtocol({
  id: 'magic-motion-2',
  brand: 'Magic Motion',
  corrections: [
    'The oscillator of the FunTown Jive is driven as the second motor; the reference engine refuses it and cannot stop it.',
  ],
  links: [
    bluetooth({
      names: ['Eidolon', 'Lipstick', 'Sword', 'Curve', 'Solstice X', 'funwand', 'CBT001'],
      services: {
        '78667579-7b48-43db-b8c5-7928a6b0a335': { tx: '78667579-a914-49a4-8333-aa3c0cd8fedc' },
        '180f': { rxblebattery: '2a19' },
      },
    }),
  ],
  models: [
    otherwise('Magic Motion V2 Device', standard, { id: '33902551-eb44-406b-bc9a-7f9f981a972a' }),
    model('Lipstick', 'MagicMotion Awaken', standard, { id: '9ed09e5a-945d-4bb0-9813-3e07a8fd7baf' }),
    model('Sword', 'MagicMotion Equinox', standard, { id: '5274feff-b0fa-4c37-9990-8861864fec59' }),
    model('Curve', 'MagicMotion Solstice', standard, { id: 'b639a627-60fc-4eff-afeb-91ccdf2e616b' }),
    model(
      'Eidolon',
      'MagicMotion Eidolon',
      twoVibratorsAndBattery(
        '6b96f9d2-87bc-4596-810d-9a96cbd1a2fa',
        '86090f46-7c4c-46fe-883f-d3765f477bac',
        '6baefd41-de6d-4c60-aedb-0a9b55f34875',
      ),
      { id: '1093a17d-9596-49b7-945f-c44610244932' },
    ),
    model(
      'Solstice X',
      'MagicMotion Solstice X',
      twoVibratorsAndBattery(
        'a245e29e-3f63-4c68-a5c2-c07c7c9970a4',
        '70593a3b-2b16-4258-badb-9697074bf10b',
        'f966012c-6b68-4dc3-b4a4-16d34fdc30c7',
      ),
      { id: 'adfc6c8c-b7e8-4c0c-9fdc-e7c2bd3b4552' },
    ),
    model('funwand', 'MagicMotion Zenith', standard, { id: '334f32f6-309e-4e79-a3de-b62aff0f6438' }),
    model(
      'CBT001',
      'FunTown Jive',
      features(
        vibrate(100, { id: '81515d54-be1d-42a1-bc7d-5b4e9c20db37' }),
        oscillate(100, { id: 'd514fb91-2261-4c5c-a59e-9799fce40d17' }),
        battery({ id: '123954de-a9f1-427a-823a-9b9173ad8856', description: 'battery Level' }),
      ),
      { id: 'd872f184-a2a4-4869-9506-d34975fa34c3', brand: 'FunTown' },
    ),
  ],
  // The oscillator takes the place of a second vibrator (facts: protocols/magic-motion-2, doubts).
  open: stateless(
    wholeDevice((level) => [
      ...[0x10, 0xff, 0x04, 0x0a, 0x32, 0x0a, 0x00],
      ...[0x04, 0x08, level(0), 0x64, 0x00],
      ...[0x04, 0x08, level(1), 0x64, 0x01],
    ]),
  ),
});
