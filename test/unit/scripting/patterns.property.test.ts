import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  constant,
  delay,
  envelope,
  faster,
  highest,
  invert,
  mix,
  type Pattern,
  product,
  pulse,
  quantise,
  ramp,
  randomWalk,
  scale,
  sequence,
  wave,
} from '../../../core/scripting/sandbox/patterns.js';

const level = fc.double({ min: 0, max: 1, noNaN: true });
const range = fc.tuple(level, level).map(([one, other]) => ({ min: Math.min(one, other), max: Math.max(one, other) }));
const duration = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }),
  fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }),
);
const time = fc.oneof(
  fc.integer({ min: -100, max: 100_000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, Number.MAX_VALUE, Number.MIN_VALUE, 864_000_000),
);
const shape = fc.constantFrom('sine', 'triangle', 'square', 'saw');
const walkOptions = fc
  .record({
    seed: fc.maxSafeInteger(),
    every: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 1, max: Number.MAX_VALUE, noNaN: true })),
    step: fc.double({ min: 0.001, max: 1, noNaN: true }),
    range,
  })
  .map(({ range, ...options }) => ({ ...options, ...range }));

/** A way to make a pattern; making it again must give the same one. */
type Maker = () => Pattern;

const simple: fc.Arbitrary<Maker> = fc.oneof(
  level.map((at) => () => constant(at)),
  fc.record({ period: duration, phase: level, shape, range }).map(
    ({ range, ...options }) =>
      () =>
        wave({ ...options, ...range }),
  ),
  fc.record({ on: duration, off: duration, level, base: level }).map((options) => () => pulse(options)),
  fc
    .record({ from: level, to: level, over: duration, after: fc.constantFrom('hold', 'repeat', 'bounce') })
    .map((options) => () => ramp(options)),
  walkOptions.map((options) => () => randomWalk(options)),
);

const { maker } = fc.letrec<{ maker: Maker }>((tie) => ({
  maker: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    simple,
    fc.tuple(fc.array(fc.tuple(tie('maker'), duration), { minLength: 1, maxLength: 4 }), fc.boolean()).map(
      ([parts, repeat]) =>
        () =>
          sequence(
            parts.map(([make, ms]) => ({ pattern: make(), for: ms })),
            { repeat },
          ),
    ),
    fc
      .record({
        attack: duration,
        decay: duration,
        sustain: level,
        hold: duration,
        release: duration,
        inner: tie('maker'),
      })
      .map(
        ({ inner, ...options }) =>
          () =>
            envelope(options, inner()),
      ),
    fc
      .array(fc.tuple(tie('maker'), duration), { minLength: 1, maxLength: 3 })
      .map((parts) => () => mix(...parts.map(([make, weight]) => [make(), weight] as const))),
    fc.tuple(tie('maker'), range).map(
      ([make, { min, max }]) =>
        () =>
          scale(make(), min, max),
    ),
    fc.tuple(tie('maker'), duration).map(
      ([make, factor]) =>
        () =>
          faster(make(), factor),
    ),
    fc.tuple(tie('maker'), duration).map(
      ([make, ms]) =>
        () =>
          delay(make(), ms),
    ),
    fc.tuple(tie('maker'), tie('maker')).map(
      ([one, other]) =>
        () =>
          highest(one(), other()),
    ),
    fc.tuple(tie('maker'), tie('maker')).map(
      ([one, other]) =>
        () =>
          product(one(), other()),
    ),
    tie('maker').map((make) => () => invert(make())),
    fc.tuple(tie('maker'), fc.integer({ min: 1, max: 100 })).map(
      ([make, steps]) =>
        () =>
          quantise(make(), steps),
    ),
  ),
}));

describe('any pattern, however it was put together', () => {
  it('has a level of 0 to 1 at any time', () => {
    fc.assert(
      fc.property(maker, fc.array(time, { minLength: 1, maxLength: 20 }), (make, times) => {
        const pattern = make();
        for (const ms of times) {
          const at = pattern(ms);
          expect(at >= 0 && at <= 1, `${at} at ${ms} ms`).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('has the same level at the same time, whatever was asked before', () => {
    fc.assert(
      fc.property(maker, fc.array(time, { minLength: 1, maxLength: 20 }), (make, times) => {
        const forwards = make();
        const backwards = make();
        const there = times.map((ms) => forwards(ms));
        const back = times.toReversed().map((ms) => backwards(ms));
        expect(back.reverse()).toEqual(there);
        expect(times.map((ms) => forwards(ms))).toEqual(there);
      }),
      { numRuns: 500 },
    );
  });

  it('begins before time does', () => {
    fc.assert(
      fc.property(maker, fc.double({ max: 0, noNaN: true }), (make, ms) => {
        expect(make()(ms)).toBe(make()(0));
      }),
    );
  });
});

describe('wave', () => {
  it('joins its beginning at the end of each period, in the shapes that have no jump', () => {
    const smooth = fc.constantFrom<('sine' | 'triangle')[]>('sine', 'triangle');
    const options = fc.record({ period: fc.integer({ min: 10, max: 100_000 }), phase: level, shape: smooth });
    fc.assert(
      fc.property(options, range, fc.integer({ min: 1, max: 1000 }), (options, range, turn) => {
        const pattern = wave({ ...options, ...range });
        const end = options.period * turn;
        expect(pattern(end)).toBeCloseTo(pattern(0), 6);
        expect(pattern(end - options.period * 1e-9)).toBeCloseTo(pattern(end), 6);
      }),
    );
  });

  it('goes all the way from its lowest to its highest and no further', () => {
    fc.assert(
      fc.property(range, shape, fc.integer({ min: 1, max: 100_000 }), ({ min, max }, shape, period) => {
        const pattern = wave({ period, min, max, shape });
        const seen = Array.from({ length: 201 }, (_, index) => pattern((period * index) / 200));
        expect(Math.min(...seen)).toBe(min);
        expect(Math.max(...seen)).toBeLessThanOrEqual(max);
        expect(Math.max(...seen)).toBeGreaterThanOrEqual(min + (max - min) * 0.99);
      }),
    );
  });
});

describe('randomWalk', () => {
  const walkTime = fc.double({ min: 0, max: 864_000_000, noNaN: true });

  it('keeps within its range, and changes by no more than a step in the time of a step', () => {
    fc.assert(
      fc.property(walkOptions, walkTime, level, (options, start, share) => {
        fc.pre(options.every <= 1e9);
        const walk = randomWalk(options);
        for (let index = 0; index < 40; index += 1) {
          const one = walk(start + index * options.every);
          expect(one).toBeGreaterThanOrEqual(options.min);
          expect(one).toBeLessThanOrEqual(options.max);
          const other = walk(start + (index + share) * options.every);
          // 1e-6: what is lost of times in the millions of steps.
          expect(Math.abs(other - one)).toBeLessThanOrEqual(options.step * share + 1e-6);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goes evenly from point to point', () => {
    const options = fc.record({ seed: fc.maxSafeInteger(), every: fc.integer({ min: 1, max: 5000 }) });
    fc.assert(
      fc.property(options, fc.integer({ min: 0, max: 1_000_000 }), level, (options, index, share) => {
        const walk = randomWalk(options);
        const [left, right] = [walk(index * options.every), walk((index + 1) * options.every)];
        expect(walk((index + share) * options.every)).toBeCloseTo(left * (1 - share) + right * share, 6);
      }),
    );
  });
});

describe('sequence', () => {
  const part = fc.record({ make: maker, for: fc.integer({ min: 1, max: 10_000 }) });
  const parts = fc.array(part, { minLength: 1, maxLength: 4 });
  const made = (list: readonly { make: Maker; for: number }[]) =>
    list.map(({ make, for: ms }) => ({ pattern: make(), for: ms }));
  const lengthOf = (list: readonly { for: number }[]) => list.reduce((sum, { for: ms }) => sum + ms, 0);

  it('of two sequences is the sequence of all their parts', () => {
    fc.assert(
      fc.property(parts, parts, fc.boolean(), level, (first, second, repeat, share) => {
        const total = lengthOf(first) + lengthOf(second);
        const flat = sequence(made([...first, ...second]), { repeat });
        const nested = sequence(
          [
            { pattern: sequence(made(first)), for: lengthOf(first) },
            { pattern: sequence(made(second)), for: lengthOf(second) },
          ],
          { repeat },
        );
        // Whole times, so that no sum is rounded.
        const ms = Math.floor(share * (repeat ? 3 * total : total - 1));
        expect(nested(ms)).toBe(flat(ms));
      }),
    );
  });

  it('shows each part from its own beginning, and the last level ever after', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 1e9 }), (list, later) => {
        const pattern = sequence(made(list));
        let start = 0;
        for (const { make, for: ms } of list) {
          expect(pattern(start)).toBe(make()(0));
          expect(pattern(start + ms - 1)).toBe(make()(ms - 1));
          start += ms;
        }
        expect(pattern(start + later)).toBe(pattern(start));
      }),
    );
  });
});

describe('mix', () => {
  it('lies between the lowest and the highest of its parts', () => {
    const weighted = fc.array(fc.tuple(maker, duration), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(weighted, time, (list, ms) => {
        const mean = mix(...list.map(([make, weight]) => [make(), weight] as const))(ms);
        const each = list.map(([make]) => make()(ms));
        expect(mean).toBeGreaterThanOrEqual(Math.min(...each) - 1e-12);
        expect(mean).toBeLessThanOrEqual(Math.max(...each) + 1e-12);
      }),
    );
  });
});
