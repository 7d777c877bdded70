import {
  battery,
  bluetooth,
  defineProtocol,
  features,
  model,
  motorPlaces,
  otherwise,
  packet,
  readText,
  vibrate,
} from 'pulsegate/plugin';

const MOTOR_CONTROL = [0x03, 0xff];

export const vibratissimo = defineProtocol({
  id: 'vibratissimo',
  brand: 'Vibratissimo',
  corrections: [
    'Levels never go out without the mode they need: in the reference engine a quick second command takes it out of the queue.',
  ],
  links: [
    bluetooth({
      names: ['Vibratissimo'],
      services: {
        '00001523-1212-efde-1523-785feabcd123': {
          txmode: '00001524-1212-efde-1523-785feabcd123',
          txvibrate: '00001526-1212-efde-1523-785feabcd123',
          rx: '00001527-1212-efde-1523-785feabcd123',
        },
        '180a': { rxblemodel: '2a24' },
        '180f': { rxblebattery: '2a19' },
      },
    }),
  ],
  models: [
    otherwise(
      'Vibratissimo Device',
      features(
        vibrate(255, { id: 'c4978273-df69-41b1-8ecd-0b5cdbb6d102' }),
        battery({ id: 'e0d0a8e6-604a-4d49-bdab-d22fd8658c69', description: 'battery Level' }),
      ),
      { id: '4b82b175-c139-4af2-b5ad-aa576d9d01a4' },
    ),
    model(
      ['Licker', 'SecretKiss', 'Womenizer'],
      'Vibratissimo Licker',
      features(
        vibrate(255, { id: '75aa2f87-0d7b-4df1-a661-dd270e92fdd8' }),
        vibrate(255, { id: '56fbae53-c57e-4eed-978c-dcf3279b228b' }),
        battery({ id: '0f194120-0912-4d5d-b201-7eee4cc622fe', description: 'battery Level' }),
      ),
      { id: 'c0f02f4f-5bbb-40ad-94fc-7d81c74c518c' },
    ),
    model(
      'Rabbit',
      'Vibratissimo Rabbit',
      features(
        vibrate(255, { id: '675d6ccc-8145-40d2-a901-0b683cf8233b' }),
        vibrate(255, { id: 'c0009e3f-4263-4761-9168-17c9d81479ee' }),
        vibrate(2, { id: '16b15667-1598-4194-86b3-7e711f88adab' }),
        battery({ id: 'e70bb6fb-9e2c-4970-9483-9f9b661d6e9f', description: 'battery Level' }),
      ),
      { id: '2fa1c5bc-85ff-45d5-ada5-23986ad3eab9' },
    ),
  ],
  // The bytes count as they are: nobody has seen a model name that needs trimming.
  identify: async ({ link, advertisement }) => readText(await link.read('rxblemodel')) ?? advertisement.name,
  open({ model }) {
    const places = motorPlaces(model);
    // Toys with one motor have a second byte as well.
    const rest = places.length === 1 ? [0x00] : [];
    return {
      // In one slot for the whole toy, so that speeds never go without their mode and an older packet never undoes a stop
      // (facts: protocols/vibratissimo, doubts).
      output: (_order, levels) => [
        packet('device', MOTOR_CONTROL, { endpoint: 'txmode' }),
        packet('device', [...places.map(levels.at), ...rest], { endpoint: 'txvibrate' }),
      ],
    };
  },
});
