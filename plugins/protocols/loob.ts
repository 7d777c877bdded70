import { bluetooth, defineProtocol, features, otherwise, perFeature, timedPosition } from 'pulsegate/plugin';

const clamp = (value: number, min: number, max: number) => Math.min(Math.max(value, min), max);

/** Two big-endian 16-bit numbers. The time is limited, for a wrapped one would turn a slow move into a fast one. */
function move(position: number, durationMs: number): number[] {
  const target = clamp(position, 1, 1000);
  const time = clamp(durationMs, 1, 0xffff);
  return [target >> 8, target & 0xff, time >> 8, time & 0xff];
}

export const loob = defineProtocol({
  id: 'loob',
  brand: 'Joyroid',
  links: [
    bluetooth({
      names: ['LOOB'],
      services: { 'b75c49d2-04a3-4071-a0b5-35853eb08307': { tx: 'ba5c49d2-04a3-4071-a0b5-35853eb08307' } },
    }),
  ],
  models: [
    otherwise('Joyroid Loob', features(timedPosition(1000, 100_000, { id: '7078c41e-0cd3-4264-8f54-c331ac4c81f9' })), {
      id: '26c0103c-9b39-4dbb-ad33-5cbdff03c178',
    }),
  ],
  async open({ link }) {
    await link.write('tx', Uint8Array.from(move(1, 500)), { withResponse: true });
    return { output: perFeature(({ value, duration }) => move(value, duration)) };
  },
});
