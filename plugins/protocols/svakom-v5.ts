import {
  bluetooth,
  byType,
  defineProtocol,
  features,
  model,
  oscillate,
  otherwise,
  packet,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';
import { vibrators } from './svakom.js';

const twoVibratorsAndOscillator = (a: string, b: string, c: string) =>
  features(vibrate(10, { id: a }), vibrate(10, { id: b }), oscillate(3, { id: c }));
const standard = features(
  vibrate(10, { id: '4f672189-8169-4114-92cd-ed7f74427548' }),
  vibrate(10, { id: 'bdd5e445-0d53-47c9-9b9e-c60b83d821fd' }),
);

export const svakomV5 = defineProtocol({
  id: 'svakom-v5',
  brand: 'Svakom',
  links: [
    bluetooth({
      names: ['Chika', 'Mora Neo', 'Trysta Neo', 'Mini Emma Neo'],
      services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } },
    }),
  ],
  models: [
    otherwise('Svakom Device v5', standard, { id: '9b304bb1-b961-4948-937e-4e3ee1b429b0' }),
    model('Chika', 'Svakom Chika', standard, { id: '4ca8c463-03fc-421d-ab03-27ed6f4283da' }),
    model(
      'Mora Neo',
      'Svakom Mora Neo',
      twoVibratorsAndOscillator(
        '7d13d266-a8f3-49b5-94d2-ac6242c40b7a',
        '3b4e80ae-3ec6-4bb7-aba9-1dc48dd1614b',
        '41ecfb09-8b4c-4ec1-9f7a-29b9ff1097f7',
      ),
      { id: 'b647f340-bcd1-4d9e-88ac-e064ce86b1ac' },
    ),
    model(
      'Trysta Neo',
      'Svakom Trysta Neo',
      twoVibratorsAndOscillator(
        '655ec2b3-ede8-4051-96da-c40eed164372',
        '4cc06c03-36d9-4b10-9d51-46417b0d7f3d',
        'f62fea13-0dfb-4706-8122-9104abf9dca5',
      ),
      { id: '66d5aa90-b2aa-4552-9777-cbb80aae2b9f' },
    ),
    model(
      'Mini Emma Neo',
      'Svakom Mini Emma Neo',
      features(vibrate(10, { id: 'd957a257-9ae2-45f1-80b2-dbcc4dc2886b' })),
      { id: '396d37c3-dc1e-473d-85ca-95bd9583d9f5' },
    ),
  ],
  open: stateless(
    byType({
      Vibrate: (_order, levels) => [packet('vibrators', vibrators(levels.get(0, 'Vibrate'), levels.get(1, 'Vibrate')))],
      Oscillate: perFeature(({ value }) => [0x55, 0x09, 0x00, 0x00, value, 0x00]),
    }),
  ),
});
