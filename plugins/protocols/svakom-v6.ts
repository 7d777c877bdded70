import { bluetooth, defineProtocol, features, model, otherwise, perFeature, vibrate } from 'pulsegate/plugin';
import { command, onePacketForVibrators } from './svakom.js';

const vibrator = (id: string) => features(vibrate(10, { id }));
const standard = vibrator('5f1d84f8-a44a-43dc-b6f6-8e8682909ff1');

export const svakomV6 = defineProtocol({
  id: 'svakom-v6',
  brand: 'Svakom',
  links: [
    bluetooth({
      names: ['CocoPro', 'Echo 2', 'Vick Neo 2', 'Iker Neo', 'VA617A-3', 'VA617A-4'],
      services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } },
    }),
  ],
  models: [
    otherwise('Svakom Device v6', standard, { id: 'eafe3786-e15a-4a4d-9b85-bc6e4069c339' }),
    model('CocoPro', 'Svakom Coco Pro', standard, { id: '4901a610-9b63-47a1-a99a-521ac76e7f99' }),
    model('Echo 2', 'Svakom Echo 2', standard, { id: '2613c099-f89f-4936-a26b-e751c8b3be28' }),
    model('VA617A-3', 'BeYourLover Naughty Clock Vibrator', standard, {
      id: '23bba8d3-9a07-42fc-8606-b165837adbcb',
      brand: 'BeYourLover',
    }),
    model(
      'Vick Neo 2',
      'Svakom Vick Neo 2',
      features(
        vibrate(10, { id: '5ac07e29-37f4-4a7a-8a35-f5b2b59f3dbd' }),
        vibrate(10, { id: '263e051e-ed79-4245-b222-2d4888483849' }),
      ),
      { id: 'f46a3f0e-9d3e-4e5f-9343-bbc0acc8a095' },
    ),
    model(
      'Iker Neo',
      'Svakom Iker Neo',
      features(
        vibrate(10, { id: 'c19b776a-363d-4468-80ec-09bc22ebd06c' }),
        vibrate(10, { id: 'cbdd56a3-1954-4db0-98c7-535096637868' }),
        vibrate(5, { id: 'b310a28e-0109-4573-bf4a-259845c518fd' }),
      ),
      { id: '2c295a1b-8a26-47dc-9d9c-95961e1cca1b' },
    ),
    model('VA617A-4', 'BeYourLover Naughty Clock Sucker', vibrator('38708bd1-466e-48e7-8721-8844aa177959'), {
      id: '1e587721-7e91-44b2-9612-f9cfd88389fc',
      brand: 'BeYourLover',
    }),
  ],
  open({ model }) {
    const pair = onePacketForVibrators(model);
    const pulsator = perFeature(({ value }) => command(0x07, value));
    return { output: (order, levels) => (order.feature.index < 2 ? pair : pulsator)(order, levels) };
  },
});
