import { bluetooth, defineProtocol, features, model, otherwise, packet, stateless, vibrate } from 'pulsegate/plugin';

const oneMotor = features(vibrate(100, { id: '328761ed-4dd1-4535-9d37-e805f5eb1a61' }));

const NEITHER = 0x00;
const FIRST = 0x04;
const SECOND = 0x80;

/** The model in a name like `PTVEA2601`. */
const beforeDigits = (name: string) => name.replace(/[0-9].*$/s, '');

export const patoo = defineProtocol({
  id: 'patoo',
  brand: 'Patoo',
  status: 'unverified',
  corrections: [
    'Devices are found in the table of models and so can be used; the reference engine looks them up under another name and turns them away.',
  ],
  links: [
    bluetooth({
      names: ['PTVEA*', 'PBT*', 'PCS*', 'PHT*'],
      services: {
        'f000aa64-0451-4000-b000-000000000000': {
          txmode: 'f000aa65-0451-4000-b000-000000000000',
          tx: 'f000aa68-0451-4000-b000-000000000000',
        },
      },
    }),
  ],
  models: [
    otherwise('Patoo Device', oneMotor, { id: 'fbb69ec0-dda6-4fca-ae69-390a91c13c03' }),
    model('PTVEA', 'Patoo Carrot', oneMotor, { id: '929310c1-bf4a-4238-b8d9-96ffcca1f954' }),
    model('PCS', 'Patoo Vibrator', oneMotor, { id: '91af7b5e-8b16-4489-a916-1584ff1e561c' }),
    model('PHT', 'Patoo Bean Sprout', oneMotor, { id: 'a4175adb-1086-4a4a-8a43-9d484e231085' }),
    model(
      'PBT',
      'Patoo Devil',
      features(
        vibrate(100, { id: 'f2957620-0a5c-4d69-851c-f9d34544e4cc' }),
        vibrate(100, { id: '49f28542-fb54-46e6-a6b8-f412617ce24f' }),
      ),
      { id: '70af2af2-ba71-4b41-9e5d-4c3000377a2b' },
    ),
  ],
  // Found where the models are (facts: protocols/patoo, doubts).
  identify: async ({ advertisement }) => beforeDigits(advertisement.name),
  open: stateless((_order, levels) => {
    // There is one speed for both motors, and the first motor's counts.
    const first = levels.get(0, 'Vibrate');
    const second = levels.get(1, 'Vibrate');
    const mode = first > 0 ? FIRST : second > 0 ? SECOND : NEITHER;
    return [
      packet('speed', [first || second], { withResponse: true }),
      packet('mode', [mode], { endpoint: 'txmode', withResponse: true }),
    ];
  }),
});
