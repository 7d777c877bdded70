import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimitedRange } from '../../../core/devices/limits.js';
import { isPositionType, type OutputType, type Range } from '../../../core/protocol/model.js';
import { deviceWith, outputsOf } from './support.js';

/** Fractions of versions 0 to 3 to steps (messages §7.3), and steps to device steps within the user's limits (§7.2). */

const MAX = 1_000_000;
const steps = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: MAX }));
/** Everything from 0 to 1, and often where rounding turns. */
const fraction = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 0.000002, noNaN: true }),
  fc.constantFrom(0, 0.000001, 0.0000009999999999, Number.MIN_VALUE, 1 - Number.EPSILON, 1),
);

const range = (type: OutputType, top: number, signed = false) => {
  const value: Range = [signed ? -top : 0, top];
  return { [type]: type === 'HwPositionWithDuration' ? { value, duration: [0, 10_000] as const } : { value } };
};

/** The one value a message asks of a device with one output of so many steps. */
function stepAsked(type: OutputType, top: number, name: string, fields: object, signed = false): number {
  const [command, ...more] = outputsOf(deviceWith(range(type, top, signed)), name, fields);
  expect([command?.type, more]).toEqual([type, []]);
  return command?.value ?? Number.NaN;
}

type Ask = (top: number, fraction: number) => number;

const scalar = (type: OutputType): Ask => {
  return (top, Scalar) => stepAsked(type, top, 'ScalarCmd', { Scalars: [{ Index: 0, Scalar, ActuatorType: type }] });
};
const rotation = (Clockwise: boolean): Ask => {
  const sign = Clockwise ? 1 : -1;
  return (top, Speed) =>
    sign * stepAsked('Rotate', top, 'RotateCmd', { Rotations: [{ Index: 0, Speed, Clockwise }] }, true);
};
const linear: Ask = (top, Position) =>
  stepAsked('HwPositionWithDuration', top, 'LinearCmd', { Vectors: [{ Index: 0, Duration: 10, Position }] });

const levels: Readonly<Record<string, Ask>> = {
  SingleMotorVibrateCmd: (top, Speed) => stepAsked('Vibrate', top, 'SingleMotorVibrateCmd', { Speed }),
  VibrateCmd: (top, Speed) => stepAsked('Vibrate', top, 'VibrateCmd', { Speeds: [{ Index: 0, Speed }] }),
  'RotateCmd clockwise': rotation(true),
  'RotateCmd counter-clockwise': rotation(false),
  'ScalarCmd Vibrate': scalar('Vibrate'),
  'ScalarCmd Rotate': scalar('Rotate'),
  'ScalarCmd Oscillate': scalar('Oscillate'),
  'ScalarCmd Constrict': scalar('Constrict'),
};

describe.each(Object.entries(levels))('%s', (_name, ask) => {
  it('is a whole step within the range, 0 exactly below 0.000001, and the top at 1', () => {
    fc.assert(
      fc.property(steps, fraction, (top, share) => {
        const value = ask(top, share);
        expect(Number.isInteger(value)).toBe(true);
        expect(value === 0).toBe(share < 0.000001);
        expect(value).toBeLessThanOrEqual(top);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(ask(top, 1)).toBe(top);
      }),
    );
  });

  it('is rounded up: the first step that is not below the fraction asked for', () => {
    fc.assert(
      fc.property(steps, fraction, (top, share) => {
        const value = ask(top, share);
        if (share >= 0.000001) expect(value - 1).toBeLessThan(top * share);
        expect(value).toBeGreaterThanOrEqual(share < 0.000001 ? 0 : top * share);
      }),
    );
  });

  it('never falls when more is asked for', () => {
    fc.assert(
      fc.property(steps, fraction, fraction, (top, one, other) => {
        expect(ask(top, Math.min(one, other))).toBeLessThanOrEqual(ask(top, Math.max(one, other)));
      }),
    );
  });
});

it('ScalarCmd Position is rounded up too, however small it is', () => {
  fc.assert(
    fc.property(steps, fraction, (top, share) => {
      const value = scalar('Position')(top, share);
      expect(value - 1).toBeLessThan(top * share || Number.MIN_VALUE);
      expect(value).toBeGreaterThanOrEqual(top * share);
      expect(value).toBeLessThanOrEqual(top);
    }),
  );
});

it('LinearCmd is cut off: the last step that is not above the fraction asked for', () => {
  fc.assert(
    fc.property(steps, fraction, (top, share) => {
      const value = linear(top, share);
      expect(value).toBeLessThanOrEqual(top * share);
      expect(value + 1).toBeGreaterThan(top * share);
      expect(linear(top, 1)).toBe(top);
    }),
  );
});

it('VorzeA10CycloneCmd, KiirooCmd and FleshlightLaunchFW12Cmd stay within the range, from end to end (B22)', () => {
  const cyclone = (top: number, Speed: number, Clockwise: boolean) =>
    stepAsked('Rotate', top, 'VorzeA10CycloneCmd', { Speed, Clockwise }, true);
  const kiiroo = (top: number, level: number) => stepAsked('Vibrate', top, 'KiirooCmd', { Command: `${level}` });
  const launch = (top: number, Position: number, Speed: number) =>
    stepAsked('HwPositionWithDuration', top, 'FleshlightLaunchFW12Cmd', { Position, Speed });
  const upTo = (max: number) => fc.integer({ min: 0, max });
  fc.assert(
    fc.property(steps, upTo(100), upTo(4), upTo(99), upTo(98), (top, percent, level, position, speed) => {
      expect(cyclone(top, percent, true)).toBe(Math.ceil((percent / 100) * top));
      // Plus 0, because -0 is none.
      expect(cyclone(top, percent, false) + 0).toBe(-Math.ceil((percent / 100) * top) + 0);
      expect(kiiroo(top, level)).toBe(Math.ceil((level / 4) * top));
      expect(launch(top, position, speed + 1)).toBe(Math.trunc((position / 99) * top));
    }),
  );
});

describe('announced steps to device steps (messages §7.2)', () => {
  const types = fc.constantFrom<OutputType>('Vibrate', 'Rotate', 'Constrict', 'Position', 'HwPositionWithDuration');
  const limits = fc
    .tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 }))
    .map(([one, other]): Range => [Math.min(one, other), Math.max(one, other)]);

  it('an accepted value lies within the user’s range, or is off; a refused one lies outside the announced range', () => {
    fc.assert(
      fc.property(
        types,
        limits,
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: -1100, max: 1100 }),
        (type, user, reversed, bothWays, value) => {
          const signed = bothWays && type === 'Rotate';
          const limited = new LimitedRange(type, { value: [signed ? -1000 : 0, 1000] }, { range: user, reversed });
          const [low, high] = limited.announced.value;
          if (value < low || value > high) {
            expect(() => limited.toDevice(value)).toThrow(`${type} takes ${low} to ${high}, not ${value}`);
            return;
          }
          const device = limited.toDevice(value);
          if (value === 0 && !isPositionType(type)) expect(device).toBe(0);
          else {
            expect(Math.abs(device)).toBeGreaterThanOrEqual(user[0]);
            expect(Math.abs(device)).toBeLessThanOrEqual(user[1]);
            expect(device < 0).toBe(signed && value < 0 !== reversed);
          }
        },
      ),
    );
  });

  it('a fraction of any old message ends within the user’s range, whatever the range is', () => {
    const asks = [...Object.values(levels).map((ask) => ['Vibrate', ask] as const), ['Position', linear] as const];
    fc.assert(
      fc.property(fc.constantFrom(...asks), limits, fraction, ([type, ask], user, share) => {
        const limited = new LimitedRange(type, { value: [0, 1000] }, { range: user });
        const top = limited.announced.value[1];
        // Without a single step nothing is announced, and nothing can be asked for (B27).
        if (top === 0) return;
        const device = limited.toDevice(ask(top, share));
        if (type === 'Vibrate' && share < 0.000001) expect(device).toBe(0);
        else expect(device).toBeGreaterThanOrEqual(user[0]);
        expect(device).toBeLessThanOrEqual(user[1]);
      }),
    );
  });
});
