import { bluetooth, defineProtocol, features, otherwise, packet, timedPosition } from 'pulsegate/plugin';
import { strokesUpTo } from './strokes.js';

const clamp = (value: number, min: number, max: number) => Math.min(Math.max(value, min), max);

/** A longer time would wrap, and turn a slow move into a fast one. */
const LONGEST_MS = 0xffff;

/** Two big-endian 16-bit numbers. */
function move(position: number, durationMs: number): number[] {
  const target = clamp(position, 1, 1000);
  const time = Math.max(durationMs, 1);
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
  async open({ link, clock }) {
    await link.write('tx', Uint8Array.from(move(1, 500)), { withResponse: true });
    return strokesUpTo(
      clock,
      LONGEST_MS,
      ({ feature, value, duration }) => packet(feature.index, move(value, duration)),
      { isHomed: true },
    );
  },
});
