import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../core/scripting/sandbox/funscript-format.js';

const action = fc.record({
  at: fc.integer({ min: 0, max: 100_000 }),
  pos: fc.double({ min: 0, max: 100, noNaN: true }),
});
const actions = fc.array(action, { minLength: 1, maxLength: 50 });

/** Files that are nearly right. */
const almost = fc.record(
  {
    inverted: fc.oneof(fc.boolean(), fc.jsonValue()),
    range: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.jsonValue()),
    actions: fc.oneof(fc.array(fc.oneof(action, fc.jsonValue()), { maxLength: 5 }), fc.jsonValue()),
  },
  { requiredKeys: [] },
);

describe('any funscript', () => {
  it('is either read whole or refused with an Error', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      almost.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, (hostile) => {
        try {
          const funscript = parse(hostile);
          expect(funscript.actions.length).toBeGreaterThan(0);
          for (const { at, position } of funscript.actions) {
            expect(Number.isInteger(at)).toBe(true);
            expect(position >= 0 && position <= 1).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(error).toHaveProperty('message', expect.stringMatching(/^(The funscript|actions|inverted|range)/));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is at each of its actions at that time, and nowhere beyond its strokes', () => {
    fc.assert(
      fc.property(actions, fc.double({ min: -1000, max: 101_000, noNaN: true }), (list, ms) => {
        const funscript = parse(JSON.stringify({ actions: list }));
        const last = new Map(list.map(({ at, pos }) => [at, pos / 100]));
        expect(funscript.actions).toEqual(
          [...last].map(([at, position]) => ({ at, position })).sort((left, right) => left.at - right.at),
        );
        for (const { at, position } of funscript.actions) expect(funscript.positionAt(at)).toBe(position);
        const places = funscript.actions.map(({ position }) => position);
        expect(funscript.positionAt(ms)).toBeGreaterThanOrEqual(Math.min(...places));
        expect(funscript.positionAt(ms)).toBeLessThanOrEqual(Math.max(...places));
      }),
    );
  });

  it('has as its speed the change of its position', () => {
    fc.assert(
      fc.property(actions, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const funscript = parse(JSON.stringify({ actions: list }));
        for (const [index, { at }] of funscript.actions.entries()) {
          const next = funscript.actions[index + 1];
          if (!next) continue;
          const middle = at + share * (next.at - at) * 0.9;
          const later = middle + (next.at - at) * 0.1;
          const change = Math.abs(funscript.positionAt(later) - funscript.positionAt(middle));
          expect(funscript.speedAt(middle)).toBeCloseTo((change / (later - middle)) * 1000, 3);
        }
      }),
    );
  });
});
