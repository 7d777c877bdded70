import {
  bluetooth,
  byType,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  rotateBothWays,
  stateless,
  vibrate,
  withSum8,
} from 'pulsegate/plugin';

const saddle = features(
  vibrate(255, { id: 'cb44a214-4c5c-4a04-8b1a-0d91a73a7a3a' }),
  rotateBothWays(255, { id: '683b450d-bb1a-4fca-b61a-83f8b56086fa' }),
);

const CLOCKWISE = 0x2a;
const ANTICLOCKWISE = 0x29;
const END = 0xec;

const off = (command: number) => [command, 0x00, 0x00, 0x00, 0x00, END];
/** The pair of bytes seven times, and their sum. */
const running = (command: number, pair: readonly [number, number]) => [
  command,
  ...withSum8(new Array<typeof pair>(7).fill(pair).flat()),
  END,
];

export const motorbunny = defineProtocol({
  id: 'motorbunny',
  brand: 'Motorbunny',
  links: [bluetooth({ names: ['MB Controller', 'MB LINK 201'], services: { fff0: { tx: 'fff6' } } })],
  models: [
    otherwise('Motorbunny Device', saddle, { id: '21cb973e-c404-44de-99c8-9cf4bc5538a6' }),
    model('MB Controller', 'Motorbunny Classic', saddle, { id: '97362be6-5601-4d08-812a-4eb1ffa29980' }),
    model('MB LINK 201', 'Motorbunny Buck', saddle, { id: '6de31e21-d76c-4d9a-9220-afa36f29d128' }),
  ],
  open: stateless(
    byType({
      Vibrate: perFeature(({ value }) => (value === 0 ? off(0xf0) : running(0xff, [value, 0x14]))),
      Rotate: perFeature(({ value }) =>
        value === 0 ? off(0xa0) : running(0xaf, [value > 0 ? CLOCKWISE : ANTICLOCKWISE, Math.abs(value)]),
      ),
    }),
  ),
});
