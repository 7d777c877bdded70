import { shown } from './checks.js';

/** Outputs and inputs of devices, and the way from a script's levels to a device's steps. */

export const OUTPUT_TYPES = [
  'Vibrate',
  'Rotate',
  'Oscillate',
  'Constrict',
  'Temperature',
  'Led',
  'Spray',
  'Position',
  'HwPositionWithDuration',
] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];

export const INPUT_TYPES = ['Battery', 'RSSI', 'Pressure', 'Button', 'Depth', 'Position'] as const;
export type InputType = (typeof INPUT_TYPES)[number];

export type Range = readonly [min: number, max: number];

/**
 * A level to the device's steps, rounded up so that every level above 0 is felt. Refused, not clamped, when it is out of range: a
 * wrong unit must not become full power.
 *
 * @param level 0…1, or -1…1 where the range goes below 0
 */
export function toSteps(type: string, level: unknown, [min, max]: Range): number {
  if (typeof level !== 'number' || !(level >= -1 && level <= 1)) {
    throw new RangeError(`${type} takes a level from ${min < 0 ? -1 : 0} to 1, not ${shown(level)}`);
  }
  if (level >= 0) return Math.ceil(level * max - ROUNDING);
  if (min >= 0) throw new RangeError(`${type} of this device goes one way only: a level from 0 to 1, not ${level}`);
  return -Math.ceil(level * min - ROUNDING);
}

/** 0.1 × 3 of a device's 10 steps is 3.0000000000000004: that is 3. */
const ROUNDING = 1e-9;

/** A reading in the units of scripts: 0…1 of the range; a button's number and dBm as they are. */
export function fromReading(type: InputType, value: number, ranges: readonly Range[]): number {
  if (type === 'Button' || type === 'RSSI') return value;
  const [min, max] = ranges[0] ?? [0, 100];
  return max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : value;
}

/** The proper spelling of a type: scripts may write it in any case. */
export function typeNamed<T extends string>(types: readonly T[], name: string): T {
  const wanted = String(name).toLowerCase();
  const type = types.find((one) => one.toLowerCase() === wanted);
  if (!type) throw new TypeError(`There is no "${name}"; there are ${types.join(', ')}`);
  return type;
}
