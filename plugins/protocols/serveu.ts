import { bluetooth, defineProtocol, features, otherwise, perFeature, timedPosition } from 'pulsegate/plugin';

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

export const serveu = defineProtocol({
  id: 'serveu',
  brand: 'ServeU',
  corrections: [
    'An order to stay in place within no time is sent with speed 0, not with the highest: there is nothing to move.',
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
  open() {
    let position = 0;
    return {
      output: perFeature(({ value, duration }) => {
        const speed = speedCode(Math.abs(value - position), duration);
        position = value;
        return [0x01, value, speed];
      }),
    };
  },
});
