import {
  battery,
  bluetooth,
  defineProtocol,
  features,
  model,
  motorPlaces,
  otherwise,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

const twoVibratorsAndBattery = (a: string, b: string, c: string) =>
  features(vibrate(100, { id: a }), vibrate(100, { id: b }), battery({ id: c, description: 'battery Level' }));
const standard = features(
  vibrate(100, { id: 'c8ed6a4c-2dff-4be9-b1c5-b91bfd238bda' }),
  battery({ id: '8ba2798a-4717-4a39-ae5c-f445eb8f4448', description: 'battery Level' }),
);

export const magicMotion4 = defineProtocol({
  id: 'magic-motion-4',
  brand: 'Magic Motion',
  links: [
    bluetooth({
      names: ['funone', 'Magic Sundi', 'Kegel Coach', 'Magic Lotos', 'nyx', 'umi', 'funkegel', 'bobi2'],
      services: {
        '78667579-7b48-43db-b8c5-7928a6b0a335': { tx: '78667579-a914-49a4-8333-aa3c0cd8fedc' },
        '180f': { rxblebattery: '2a19' },
      },
    }),
  ],
  models: [
    otherwise('Magic Motion V4 Device', standard, { id: 'e53d8751-5993-410c-82d7-edca26dd4c65' }),
    model('funone', 'MagicMotion Bunny', standard, { id: 'ae515557-67e1-4527-bd0b-762a2fb47d9b' }),
    model('Magic Sundi', 'MagicMotion Sundae', standard, { id: '0e5c564b-02cf-4665-b8e6-d938b8b8d749' }),
    model('Kegel Coach', 'MagicMotion Kegel Coach', standard, { id: '2ecd285e-9109-403c-b38f-3784629bd7de' }),
    model('Magic Lotos', 'MagicMotion Lotos', standard, { id: 'a66cd42b-c3b3-4b00-bbb2-117961a06bcd' }),
    model('nyx', 'MagicMotion Nyx', standard, { id: '69c95fd5-a9c2-4f7d-9fdc-a25f514ba290' }),
    model(
      'umi',
      'MagicMotion Umi',
      twoVibratorsAndBattery(
        '008a3d35-9b61-4bc2-9554-c3c742f03e12',
        'b24eee4d-b3c2-4ce4-8f54-433e3d2a08f5',
        'fdc5dc60-ece5-4f81-801c-076b1e1bad57',
      ),
      { id: '69a69c1d-1e37-49ed-b1a4-07da72939171' },
    ),
    model('funkegel', 'MagicMotion Crystal', standard, { id: 'c22dfa34-5b4d-4c61-a972-fee67b1f60d8' }),
    model(
      'bobi2',
      'MagicMotion Bobi',
      twoVibratorsAndBattery(
        '09d1b6fc-834d-4579-9bc7-79813f20d33f',
        '04438678-4c82-48e1-a4fa-8dd916ee5469',
        'b2b3dedf-5f7a-4069-935f-f210fdf5cafc',
      ),
      { id: '318ca3d4-0779-47e8-9580-fc3efe1a0556' },
    ),
  ],
  // Toys with one motor take its speed in both places.
  open({ model }) {
    const second = motorPlaces(model).length > 1 ? 1 : 0;
    const output = wholeDevice(
      (level) => [
        ...[0x10, 0xff, 0x04, 0x0a, 0x32, 0x32, 0x00],
        ...[0x04, 0x08, level(0), 0x64, 0x00],
        ...[0x04, 0x08, level(second), 0x64, 0x01],
      ],
      { withResponse: true },
    );
    return { output };
  },
});
