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

/** Levels at these times, to a millionth. */
const levels = (pattern: Pattern, ...times: readonly number[]) =>
  times.map((ms) => Math.round(pattern(ms) * 1e6) / 1e6);

const up = ramp({ over: 1000 });

describe('shapes', () => {
  it('constant stays', () => {
    expect(levels(constant(0.4), -1, 0, 1, 1e9)).toEqual([0.4, 0.4, 0.4, 0.4]);
  });

  it('wave is a sine that begins at its lowest', () => {
    expect(levels(wave({ period: 1000 }), 0, 250, 500, 750, 1000)).toEqual([0, 0.5, 1, 0.5, 0]);
    expect(levels(wave({ period: 1000, min: 0.2, max: 0.6 }), 0, 250, 500)).toEqual([0.2, 0.4, 0.6]);
  });

  it('wave begins within its period when told to', () => {
    expect(levels(wave({ period: 1000, phase: 0.5 }), 0, 250, 500)).toEqual([1, 0.5, 0]);
    expect(levels(wave({ period: 1000, phase: 1 }), 0, 500)).toEqual([0, 1]);
  });

  it('wave has four shapes', () => {
    const times = [0, 250, 499, 500, 750, 1000];
    expect(levels(wave({ period: 1000, shape: 'triangle' }), ...times)).toEqual([0, 0.5, 0.998, 1, 0.5, 0]);
    expect(levels(wave({ period: 1000, shape: 'square' }), ...times)).toEqual([1, 1, 1, 0, 0, 1]);
    expect(levels(wave({ period: 1000, shape: 'saw' }), ...times)).toEqual([0, 0.25, 0.499, 0.5, 0.75, 0]);
  });

  it('pulse is on first', () => {
    expect(levels(pulse({ on: 100, off: 50 }), 0, 99, 100, 149, 150)).toEqual([1, 1, 0, 0, 1]);
    expect(levels(pulse({ on: 100, off: 50, level: 0.8, base: 0.1 }), 0, 100)).toEqual([0.8, 0.1]);
    expect(levels(pulse({ on: 0, off: 50 }), 0, 25, 50)).toEqual([0, 0, 0]);
    expect(levels(pulse({ on: 50, off: 0 }), 0, 25, 50)).toEqual([1, 1, 1]);
  });

  it('ramp holds, repeats or bounces', () => {
    const times = [-5, 0, 500, 1000, 1500, 2000, 2500];
    expect(levels(up, ...times)).toEqual([0, 0, 0.5, 1, 1, 1, 1]);
    expect(levels(ramp({ over: 1000, after: 'repeat' }), ...times)).toEqual([0, 0, 0.5, 0, 0.5, 0, 0.5]);
    expect(levels(ramp({ over: 1000, after: 'bounce' }), ...times)).toEqual([0, 0, 0.5, 1, 0.5, 0, 0.5]);
    expect(levels(ramp({ from: 0.8, to: 0.3, over: 1000 }), 0, 500, 9000)).toEqual([0.8, 0.55, 0.3]);
  });

  it('envelope swells, falls, is held and fades', () => {
    const shape = { attack: 100, decay: 100, sustain: 0.5, hold: 200, release: 100 };
    const times = [0, 50, 100, 150, 200, 399, 450, 500, 9000];
    expect(levels(envelope(shape), ...times)).toEqual([0, 0.5, 1, 0.75, 0.5, 0.5, 0.25, 0, 0]);
    expect(levels(envelope(shape, constant(0.5)), 50, 100, 200)).toEqual([0.25, 0.5, 0.25]);
    expect(levels(envelope({ attack: 0, hold: 100, release: 0 }), 0, 99, 100)).toEqual([1, 1, 0]);
  });

  it('sequence gives each part its own time and holds the last level', () => {
    const parts = [
      { pattern: up, for: 500 },
      { level: 0.2, for: 300 },
      { pattern: up, for: 200 },
    ];
    expect(levels(sequence(parts), 0, 499, 500, 799, 800, 999, 1000, 9000)).toEqual([
      0, 0.499, 0.2, 0.2, 0, 0.199, 0.2, 0.2,
    ]);
    expect(levels(sequence(parts, { repeat: true }), 999, 1000, 1499, 1500)).toEqual([0.199, 0, 0.499, 0.2]);
  });

  it('sequence that ends with the pause of a pulse does not come on again', () => {
    expect(levels(sequence([{ pattern: pulse({ on: 100, off: 100 }), for: 400 }]), 399, 400, 9000)).toEqual([0, 0, 0]);
  });

  it('is not changed by what happens to its options later', () => {
    const options = { period: 1000, max: 0.5 };
    const parts = [{ level: 0.5, for: 100 }];
    const patterns = [wave(options), sequence(parts)] as const;
    options.max = 1;
    parts.push({ level: 1, for: 100 });
    expect(patterns.map((pattern) => pattern(500))).toEqual([0.5, 0.5]);
  });
});

describe('combinations', () => {
  it('mix is the weighted mean', () => {
    expect(levels(mix(up, constant(1)), 0, 500)).toEqual([0.5, 0.75]);
    expect(levels(mix([up, 3], constant(1), [constant(0.7), 0]), 0, 500)).toEqual([0.25, 0.625]);
    expect(levels(mix([constant(1), 1e308], [constant(0), 1e308], [constant(0), 1e-300]), 0)).toEqual([0.5]);
  });

  it('scale, invert and quantise change levels', () => {
    expect(levels(scale(up, 0.2, 0.6), 0, 500, 1000)).toEqual([0.2, 0.4, 0.6]);
    expect(levels(invert(up), 0, 300, 1000)).toEqual([1, 0.7, 0]);
    expect(levels(quantise(up, 4), 0, 124, 126, 500, 1000)).toEqual([0, 0, 0.25, 0.5, 1]);
  });

  it('faster and delay change time', () => {
    expect(levels(faster(up, 2), 0, 250, 500)).toEqual([0, 0.5, 1]);
    expect(levels(faster(up, 0.5), 500)).toEqual([0.25]);
    expect(levels(delay(constant(0.4), 100), 0, 99, 100)).toEqual([0, 0, 0.4]);
    expect(levels(delay(up, 100), 600)).toEqual([0.5]);
  });

  it('highest and product join patterns', () => {
    expect(levels(highest(up, constant(0.3)), 0, 500)).toEqual([0.3, 0.5]);
    expect(levels(product(up, constant(0.5), constant(0.5)), 0, 1000)).toEqual([0, 0.25]);
  });

  it("a script's own function is limited to levels", () => {
    const odd: Pattern = (ms) => (ms === 0 ? Number.NaN : ms);
    expect(levels(scale(odd, 0, 1), 0, 0.5, 7)).toEqual([0, 0.5, 1]);
    expect(levels(highest(odd, constant(0.1)), 0, 7)).toEqual([0.1, 1]);
    expect(
      levels(
        invert(() => -3),
        0,
      ),
    ).toEqual([1]);
  });
});

describe('randomWalk', () => {
  it('is the same for the same seed, whenever it was made', () => {
    const first = randomWalk({ seed: 7 });
    const second = randomWalk({ seed: 7 });
    expect(levels(first, 0, 500, 1000, 1250, 1e9)).toEqual([0.460237, 0.274461, 0.274784, 0.322883, 0.377846]);
    expect(levels(second, 1e9, 1250)).toEqual(levels(first, 1e9, 1250));
  });

  it.each([[8], [-7], [7 + 2 ** 32], [0]])('is another one for the seed %i', (seed) => {
    const times = Array.from({ length: 50 }, (_, index) => index * 500);
    expect(levels(randomWalk({ seed }), ...times)).not.toEqual(levels(randomWalk({ seed: 7 }), ...times));
  });

  it('sees all of its range, and most of the time neither end', () => {
    const walk = randomWalk({ seed: 3, min: 0.2, max: 0.8 });
    const seen = Array.from({ length: 20_000 }, (_, index) => walk(index * 500));
    const share = (low: number, high: number) => seen.filter((level) => level >= low && level < high).length / 20_000;
    for (const low of [0.2, 0.3, 0.4, 0.5, 0.6, 0.7]) expect(share(low, low + 0.1)).toBeGreaterThan(0.08);
    expect(share(0.2, 0.201) + share(0.799, 0.8001)).toBeLessThan(0.05);
  });

  it('takes steps of all sizes up to the limit', () => {
    const walk = randomWalk({ seed: 3 });
    const steps = Array.from({ length: 20_000 }, (_, index) => Math.abs(walk(index * 500 + 500) - walk(index * 500)));
    for (const low of [0, 0.05, 0.1, 0.15]) {
      expect(steps.filter((step) => step >= low && step < low + 0.05).length).toBeGreaterThan(1000);
    }
  });

  it('finds a point after any time without walking there', () => {
    const walk = randomWalk({ seed: 1, every: 1, step: 0.001 });
    const tenDays = 864_000_000;
    const sum = Array.from({ length: 10_000 }, (_, index) => walk(tenDays * (index + 1))).reduce((a, b) => a + b, 0);
    // Walking there would take days. The test's own time limit is the measure.
    expect(sum / 10_000).toBeGreaterThan(0.4);
    expect(sum / 10_000).toBeLessThan(0.6);
  });

  it('stays where it is in a range of no width', () => {
    expect(levels(randomWalk({ seed: 1, min: 0.5, max: 0.5 }), 0, 777, 1e12)).toEqual([0.5, 0.5, 0.5]);
  });
});

describe('options', () => {
  it.each<[string, () => Pattern]>([
    ['level must be a number from 0 to 1, not 2', () => constant(2)],
    ['period must be a number above 0, not 0', () => wave({ period: 0 })],
    ['period must be a number above 0, not Infinity', () => wave({ period: Number.POSITIVE_INFINITY })],
    ['max must be a number from 0 to 1, not 100', () => wave({ period: 1, max: 100 })],
    ['min must not be above max, but 0.6 is above 0.5', () => wave({ period: 1, min: 0.6, max: 0.5 })],
    ['phase must be a number from 0 to 1, not -0.5', () => wave({ period: 1, phase: -0.5 })],
    ['on must be a number of at least 0, not -1', () => pulse({ on: -1, off: 1 })],
    ['on and off must not both be 0', () => pulse({ on: 0, off: 0 })],
    ['over must be a number above 0, not NaN', () => ramp({ over: Number.NaN })],
    ['release must be a number of at least 0, not -1', () => envelope({ attack: 0, hold: 0, release: -1 })],
    ['sequence needs at least one part', () => sequence([])],
    [
      'parts[1].for must be a number above 0, not 0',
      () =>
        sequence([
          { level: 0, for: 1 },
          { level: 0, for: 0 },
        ]),
    ],
    ['parts[0].level must be a number from 0 to 1, not 5', () => sequence([{ level: 5, for: 1 }])],
    [
      'seed must be a whole number from -9007199254740991 to 9007199254740991, not 0.5',
      () => randomWalk({ seed: 0.5 }),
    ],
    ['every must be a number of at least 1, not 0.1', () => randomWalk({ seed: 1, every: 0.1 })],
    ['step must be a number from 0.001 to 1, not 0', () => randomWalk({ seed: 1, step: 0 })],
    ['mix needs at least one pattern with a weight above 0', () => mix()],
    ['mix needs at least one pattern with a weight above 0', () => mix([constant(1), 0])],
    ['the weight of part 2 of mix must be a number of at least 0, not -1', () => mix(up, [up, -1])],
    ['factor must be a number above 0, not 0', () => faster(up, 0)],
    ['ms must be a number of at least 0, not -1', () => delay(up, -1)],
    ['steps must be a whole number from 1 to 1000000, not 0', () => quantise(up, 0)],
    ['highest needs at least one pattern', () => highest()],
  ])('%s', (message, make) => {
    expect(make).toThrow(new RangeError(message));
  });

  /** What somebody may pass who writes plain JavaScript. */
  const untyped = (value: unknown) => JSON.parse(JSON.stringify(value));

  it.each<[string, () => Pattern]>([
    ['level must be a number from 0 to 1, not "0.5"', () => constant(untyped('0.5'))],
    ['wave takes an object of options, not 1000', () => wave(untyped(1000))],
    ['period must be a number above 0, not undefined', () => wave(untyped({}))],
    ['wave has no option "perod"; it has period, min, max, phase, shape', () => wave(untyped({ perod: 5 }))],
    ["shape must be one of 'sine', 'triangle', 'square', 'saw', not 5", () => wave(untyped({ period: 1, shape: 5 }))],
    ['sequence takes a list of parts, not an object', () => sequence(untyped({ level: 1, for: 5 }))],
    ['parts[0] must have either a pattern or a level', () => sequence(untyped([{ for: 5 }]))],
    ['parts[0] takes an object of options, not 5', () => sequence(untyped([5]))],
    [
      'parts[0].pattern must be a pattern, a function of milliseconds, not 1',
      () => sequence(untyped([{ pattern: 1, for: 5 }])),
    ],
    ['repeat must be true or false, not "yes"', () => sequence([{ level: 1, for: 1 }], untyped({ repeat: 'yes' }))],
    ['the pattern of scale must be a pattern, a function of milliseconds, not 0.5', () => scale(untyped(0.5), 0, 1)],
    ['part 1 of mix must be a pattern, a function of milliseconds, not null', () => mix(untyped(null))],
  ])('%s', (message, make) => {
    expect(make).toThrow(new TypeError(message));
  });

  it('refuses a shape by its name', () => {
    const named = (shape: string) => untyped({ period: 1, shape });
    const message = `shape must be one of 'sine', 'triangle', 'square', 'saw', not "toString"`;
    expect(() => wave(named('toString'))).toThrow(new RangeError(message));
  });
});
