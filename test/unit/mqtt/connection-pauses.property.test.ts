import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pauses } from '../../../plugins/transport-mqtt/connection/pauses.js';

const luck = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** The next so many pauses for the same reason, ms. */
const next = (pauses: Pauses, reason: Parameters<Pauses['next']>[0], count: number) =>
  Array.from({ length: count }, () => pauses.next(reason));

describe('the pauses between attempts to connect', () => {
  it('stay short however long the broker is away, so that one that comes back has everybody back soon', () => {
    fc.assert(
      fc.property(luck, fc.integer({ min: 100, max: 3_600_000 }), (random, most) => {
        const pauses = next(new Pauses(most, () => random), 'away', 300);
        expect(Math.max(...pauses)).toBeLessThanOrEqual(most);
        expect(Math.min(...pauses)).toBeGreaterThanOrEqual(Math.min(most, 500) / 2);
        expect(pauses.at(-1)).toBeGreaterThanOrEqual(most / 2);
      }),
    );
  });

  it('grow fifteen times as long where the broker says no', () => {
    fc.assert(
      fc.property(luck, fc.integer({ min: 100, max: 3_600_000 }), (random, most) => {
        const pauses = next(new Pauses(most, () => random), 'refused', 300);
        expect(Math.max(...pauses)).toBeLessThanOrEqual(15 * most);
        expect(pauses.at(-1)).toBeGreaterThanOrEqual((15 * most) / 2);
      }),
    );
  });

  it('are long from the start where another client has the id, and grow up to a minute and a half', () => {
    fc.assert(
      fc.property(luck, (random) => {
        const pauses = next(new Pauses(200, () => random), 'contested', 50);
        expect(Math.min(...pauses)).toBeGreaterThanOrEqual(10_000);
        expect(Math.max(...pauses)).toBeLessThanOrEqual(90_000);
      }),
    );
  });

  it('are short again after a connection that has lasted', () => {
    const pauses = new Pauses(30_000, () => 0.9);
    next(pauses, 'refused', 50);
    next(pauses, 'contested', 50);
    pauses.reset();
    expect(pauses.next('away')).toBeLessThanOrEqual(500);
    expect(pauses.next('contested')).toBeLessThanOrEqual(15_000);
  });

  it('differ, so that not all gateways of a home come at once', () => {
    const first = Array.from({ length: 20 }, () => new Pauses(30_000).next('away'));
    expect(new Set(first).size).toBeGreaterThan(10);
  });
});
