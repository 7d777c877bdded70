import { shown, within } from './checks.js';

/**
 * A level over time: milliseconds since the pattern began to a level of 0…1. The same time gives the same level, and times may
 * be asked for in any order. Times below 0 count as 0.
 */
export type Pattern = (ms: number) => number;

/** Makes a pattern of any function: its times are finite and not below 0, its levels are limited to 0…1. */
export function bounded(level: (ms: number) => number): Pattern {
  return (ms) => limited(level(validTime(ms)));
}

/** The level of a pattern that may be a script's own function and return anything, 0…1. */
export function levelOf(pattern: Pattern, ms: number): number {
  return limited(pattern(validTime(ms)));
}

export function aPattern(name: string, value: unknown): Pattern {
  if (isPattern(value)) return value;
  throw new TypeError(`${name} must be a pattern, a function of milliseconds, not ${shown(value)}`);
}

/** The two ends of a range of levels, 0…1 each, the lower one first. */
export function levelRange(min: unknown, max: unknown): { min: number; max: number } {
  const range = { min: within('min', min, 0, 1), max: within('max', max, 0, 1) };
  if (range.min > range.max) throw new RangeError(`min must not be above max, but ${range.min} is above ${range.max}`);
  return range;
}

/** From `start` to `end` as `share` goes from 0 to 1, exact at both ends and never beyond them. */
export function blend(start: number, end: number, share: number): number {
  const value = start * (1 - share) + end * share;
  return Math.min(Math.max(value, Math.min(start, end)), Math.max(start, end));
}

function isPattern(value: unknown): value is Pattern {
  return typeof value === 'function';
}

// Written so that NaN counts as 0: whatever a script divides by, a level is a level.
function validTime(ms: number): number {
  return ms > 0 ? Math.min(ms, Number.MAX_VALUE) : 0;
}

function limited(level: number): number {
  return level > 0 ? Math.min(level, 1) : 0;
}
