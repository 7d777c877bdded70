import {
  bluetooth,
  byType,
  constrict,
  defineProtocol,
  features,
  model,
  oscillate,
  otherwise,
  perFeature,
  rotate,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const vibratorAndOscillator = (a: string, b: string) => features(vibrate(255, { id: a }), oscillate(255, { id: b }));
const standard = features(
  vibrate(255, { id: 'af257986-e34f-47f9-a69e-7a78afd43d31' }),
  rotate(255, { id: '8f021f8a-a07e-4934-af3b-fa3bafd2a747' }),
);

export const luvmazer = defineProtocol({
  id: 'luvmazer',
  brand: 'Luvmazer',
  links: [
    bluetooth({
      names: ['TKLM-W001-BT', 'TKLM-W003-BT-RX', 'TKLM-C003-BT', 'TKLM-C004-BT', 'TKLM-C005-BT'],
      services: { ffa0: { tx: 'ffa1' } },
    }),
  ],
  models: [
    model('TKLM-W001-BT', 'Luvmazer Finger Magic', standard, { id: 'cb63c51d-ed29-4e07-81ce-aca8162e52ba' }),
    model(
      'TKLM-W003-BT-RX',
      'Luvmazer Cat Paw',
      vibratorAndOscillator('8deea69f-ea53-46bb-80ae-51dd5d49bba9', '5ae8bb6f-6280-4a8d-9e08-a3d5e5fb89a8'),
      { id: '54723a02-4d77-4d58-90ee-1e692768db9d' },
    ),
    model(
      'TKLM-C003-BT',
      'Luvmazer Cock Ring',
      features(
        vibrate(255, { id: '4dd378c8-a91b-400e-846b-f16e81ac5690' }),
        vibrate(255, { id: 'c04a2518-81a2-49cb-8a0a-1a5b9c163737' }),
      ),
      { id: '3f3cb905-d570-41dc-80ed-720762770093' },
    ),
    model(
      'TKLM-C004-BT',
      'Luvmazer Interstellar',
      features(
        vibrate(255, { id: 'e04ad6f5-278e-4acc-b6fa-711954c2e1ab' }),
        oscillate(255, { id: '8a4f2884-887f-46e3-9a36-c0b91b1b1363' }),
        constrict(54, { id: '389aa8b8-2550-462c-bd4f-1158c0981606' }),
      ),
      { id: 'd76d8d49-beca-49f3-931e-5a040b463111' },
    ),
    model(
      'TKLM-C005-BT',
      'Luvmazer Dildo',
      vibratorAndOscillator('d4559035-06e7-4ee1-a3ac-08f46abe10a8', '264aa9db-05ee-49dc-bf95-15ecd90bad5c'),
      { id: 'bf7f9090-02a4-43b7-9752-232c97a05a49' },
    ),
    otherwise('Luvmazer Finger Magic', standard, { id: 'c6d24bef-8263-4e3b-898d-7aeb7e58cc11' }),
  ],
  open: stateless(
    byType({
      Vibrate: perFeature(({ feature, value }) => [0xa0, 0x01, 0x00, feature.index, 0x64, value]),
      Rotate: perFeature(({ value }) => [0xa0, 0x0f, 0x00, 0x00, 0x64, Math.abs(value)]),
      Oscillate: perFeature(({ value }) => [0xa0, 0x06, 0x01, 0x00, 0x64, value]),
      Constrict: perFeature(({ value }) => [0xa0, 0x0d, 0x00, 0x00, value === 0 ? 0x00 : 0x14, value]),
    }),
  ),
});
