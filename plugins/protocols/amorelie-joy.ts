import { bluetooth, defineProtocol, features, model, otherwise, perFeature, vibrate } from 'pulsegate/plugin';

const oneVibrator = features(vibrate(100, { id: '9be34b27-431e-47d0-871b-fea3c116d32d' }));

/** Other numbers are patterns. */
const STEADY = 0x01;

export const amorelieJoy = defineProtocol({
  id: 'amorelie-joy',
  brand: 'Amorelie',
  links: [
    bluetooth({
      names: ['4D01', '4D02', '4D03', '4D04', '4D05', '4D06', '4D07', '4D08', '4D09'],
      services: { ffe0: { rx: 'ffe2', tx: 'ffe3' } },
    }),
  ],
  models: [
    otherwise('Amorelie Joy Device', oneVibrator, { id: 'df7c19cc-8e49-4c55-98d1-0b060424260f' }),
    model('4D02', 'Amorelie Joy Move', oneVibrator, { id: 'b5681266-9f56-4a6f-9985-be33301af6af' }),
    model('4D05', 'Amorelie Joy Cha-Cha', oneVibrator, { id: '891e1acb-84ec-41e5-8782-2392a1343a34' }),
    model('4D06', 'Amorelie Joy Boogie', oneVibrator, { id: 'fdc21c92-80d8-4cfa-a4e2-a79fef020e1c' }),
    model('4D01', 'Amorelie Joy Shimmer', oneVibrator, { id: '7a98633a-8b7e-4065-8e10-12b17588f504' }),
    model('4D03', 'Amorelie Joy Grow', oneVibrator, { id: 'bd784815-49d7-4379-98d0-34aa1d9c0097' }),
    model('4D04', 'Amorelie Joy Shuffle', oneVibrator, { id: '6124dfc8-b0f4-4db0-b85a-b8d0da53b6a8' }),
    model('4D07', 'Amorelie Joy Salsa', oneVibrator, { id: '7e7776a5-98a8-42ef-a9e9-b4aeaf5adbaa' }),
  ],
  async open({ link }) {
    await link.write('tx', Uint8Array.of(0x03), { withResponse: false });
    return { output: perFeature(({ value }) => [0x01, STEADY, value]) };
  },
});
