import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

const OFF = new Array<number>(18).fill(0);

/** The levels share the upper 70 % of the motor's strength. */
function vibration(level: number): number[] {
  const strength = Math.floor(((7 * level + 3000) * 1023) / 10_000);
  const word = strength * 64 + 60;
  const half = [0x00, 0xfc, 0x00, 0xfe, 0x40, 0x01, word & 0xff, word >> 8];
  return [0xf3, ...half, ...half, 0x00];
}

export const mizzzeeV3 = defineProtocol({
  id: 'mizzzee-v3',
  brand: 'Mizz Zee',
  links: [bluetooth({ names: ['XHTKJ'], services: { ff10: { tx: 'ff12' } } })],
  models: [
    otherwise('Mizz Zee Device', features(vibrate(1000, { id: 'aa417fd0-0ab1-409f-b7a3-05f6c3ede623' })), {
      id: '4d54f81c-e31f-469a-a17a-ea1d4058a037',
    }),
  ],
  keepalive: { kind: 'repeat-last', everyMs: 200 },
  open: stateless(
    perFeature(({ value }) => [0x03, 0x12, ...(value === 0 ? OFF : vibration(value))], { withResponse: true }),
  ),
});
