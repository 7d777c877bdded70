import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimitedRange, type UserLimit } from '../../../core/devices/limits.js';
import { DeviceError } from '../../../core/errors.js';
import { isPositionType, OUTPUT_TYPES, type OutputType, type Range } from '../../../core/protocol/model.js';

/** What has two directions; of everything else there is no less than nothing. */
const DIRECTED: readonly OutputType[] = ['Rotate', 'Temperature'];

/** A device's own range, and a limit of a user that fits it. */
interface Limited {
  readonly type: OutputType;
  readonly base: Range;
  readonly limit: UserLimit;
  readonly low: number;
  readonly top: number;
}

const limited: fc.Arbitrary<Limited> = fc
  .record({
    type: fc.constantFrom(...OUTPUT_TYPES),
    max: fc.integer({ min: 1, max: 1000 }),
    signed: fc.boolean(),
    bounds: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    reversed: fc.boolean(),
    duration: fc.option(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 500, max: 9000 }))),
  })
  .map(({ type, max, signed, bounds, reversed, duration }) => {
    const [low = 0, top = max] = bounds.map((share) => Math.round(share * max)).sort((left, right) => left - right);
    const base: Range = [signed ? -max : 0, max];
    return { type, base, low, top, limit: { range: [low, top], reversed, ...(duration && { duration }) } };
  });

const rangeOf = ({ type, base, limit }: Limited) => new LimitedRange(type, { value: base }, limit);

describe('limits of the user', () => {
  it('no announced value, however the range lies and is reversed, becomes a device value outside the limit', () => {
    fc.assert(
      fc.property(limited, fc.double({ min: 0, max: 1, noNaN: true }), (device, share) => {
        const range = rangeOf(device);
        const [least, most] = range.announced.value;
        const value = range.toDevice(Math.round(least + share * (most - least)));
        const { type, low, top } = device;
        if (isPositionType(type)) {
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThanOrEqual(top);
        } else if (value !== 0) {
          expect(Math.abs(value)).toBeGreaterThanOrEqual(low);
          expect(Math.abs(value)).toBeLessThanOrEqual(top);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('every value that was not announced is refused with code 4', () => {
    fc.assert(
      fc.property(limited, fc.integer({ min: 1, max: 100_000 }), (device, beyond) => {
        const range = rangeOf(device);
        const [least, most] = range.announced.value;
        expect(() => range.toDevice(most + beyond)).toThrow(DeviceError);
        expect(() => range.toDevice(least - beyond)).toThrow(DeviceError);
      }),
    );
  });

  it('level 0 is off whatever the least level, except for positions', () => {
    fc.assert(
      fc.property(limited, (device) => {
        const value = rangeOf(device).toDevice(0);
        if (!isPositionType(device.type)) expect(value).toBe(0);
        else expect(value).toBe(device.limit.reversed ? device.top : device.low);
      }),
    );
  });

  it('the announced range has as many steps as the limit leaves, and all of them are different', () => {
    fc.assert(
      fc.property(limited, (device) => {
        const range = rangeOf(device);
        const [least, most] = range.announced.value;
        expect(most).toBe(device.top - device.low);
        expect(least).toBe(device.base[0] < 0 && DIRECTED.includes(device.type) ? -most : 0);
        const values = Array.from({ length: most - least + 1 }, (_, place) => range.toDevice(least + place));
        expect(new Set(values).size).toBe(values.length);
      }),
      { numRuns: 50 },
    );
  });

  it('positions translate back to what was asked for', () => {
    fc.assert(
      fc.property(limited, fc.double({ min: 0, max: 1, noNaN: true }), (device, share) => {
        fc.pre(isPositionType(device.type));
        const range = rangeOf(device);
        const asked = Math.round(share * range.announced.value[1]);
        expect(range.fromDevice(range.toDevice(asked))).toBe(asked);
      }),
    );
  });

  it('B18: a duration is brought into the range it has', () => {
    fc.assert(
      fc.property(limited, fc.integer({ min: 0, max: 100_000 }), (device, duration) => {
        fc.pre(device.limit.duration !== undefined);
        const [least, most] = device.limit.duration ?? [0, 0];
        const clamped = rangeOf(device).clampDuration(duration);
        expect(clamped).toBe(Math.max(least, Math.min(most, duration)));
      }),
    );
  });

  it.each([
    { range: [2, 30] as const, base: [0, 20] as const, what: 'above the device' },
    { range: [9, 3] as const, base: [0, 20] as const, what: 'the wrong way round' },
  ])('a range that lies $what is refused, not guessed at', ({ range, base }) => {
    expect(() => new LimitedRange('Vibrate', { value: base }, { range })).toThrow(DeviceError);
  });

  it('a reversed level in one direction stays as it is: there is nothing to turn round', () => {
    const range = new LimitedRange('Vibrate', { value: [0, 20] }, { reversed: true });
    expect([0, 7, 20].map((value) => range.toDevice(value))).toEqual([0, 7, 20]);
  });
});
