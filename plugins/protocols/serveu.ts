import { bluetooth, defineProtocol, features, otherwise, packet, timedPosition } from 'pulsegate/plugin';
import { strokesBySpeed } from './strokes.js';

/** From units per second, finer for slow moves. */
function speedCode(distance: number, durationMs: number): number {
  // Without this, staying in place in no time would count as the fastest move (facts: protocols/serveu, doubts).
  if (distance === 0) return 0;
  const speed = Math.ceil(distance / (durationMs / 1000));
  if (speed <= 50) return Math.ceil(speed / 2);
  if (speed <= 750) return Math.ceil((speed - 50) / 4) + 25;
  if (speed <= 2000) return Math.ceil((speed - 750) / 25) + 200;
  return 250;
}

/** Speed 0 halts the toy (facts: protocols/serveu, doubts). */
const HALT = 0;

function unitsPerSecond(code: number): number {
  if (code <= 25) return 2 * code;
  if (code <= 200) return 50 + 4 * (code - 25);
  return 750 + 25 * (code - 200);
}

const durationAt = (code: number, distance: number) =>
  code === HALT ? undefined : (1000 * distance) / unitsPerSecond(code);

export const serveu = defineProtocol({
  id: 'serveu',
  brand: 'ServeU',
  corrections: [
    'An order to stay in place within no time is sent with speed 0, not with the highest: there is nothing to move.',
    'The goal of a move under way, ordered again, is sent with the speed for the rest of the way; the reference engine sends speed 0, which halts the toy on its way.',
  ],
  links: [
    bluetooth({
      names: ['ServeU'],
      services: { '31bb1111-33e3-4f3c-a7fb-104288e7cb77': { tx: '31bb2222-33e3-4f3c-a7fb-104288e7cb77' } },
    }),
  ],
  models: [
    otherwise('ServeU', features(timedPosition(100, 100_000, { id: '7e756a59-b13c-4322-bc59-27dacfc73b4d' })), {
      id: '9967414e-8b34-44ed-8b8a-20fe863e0b50',
    }),
  ],
  open({ clock }) {
    return strokesBySpeed(
      clock,
      { codeFor: speedCode, durationAt, holdCode: () => HALT, resumesRepeated: true },
      ({ place, code }, { feature }) => packet(feature.index, [0x01, place, code]),
    );
  },
});
