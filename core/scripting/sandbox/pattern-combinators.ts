import { atLeast, positive, whole } from './checks.js';
import { aPattern, blend, bounded, levelOf, levelRange, type Pattern } from './pattern-core.js';

/** The weighted mean of patterns. A part is a pattern, or a pattern and its weight: a number of at least 0, 1 unless given. */
export function mix(...parts: readonly (Pattern | readonly [pattern: Pattern, weight: number])[]): Pattern {
  const weighted = parts.map((part, place) => {
    const [pattern, weight] = typeof part === 'object' && part !== null ? part : [part, 1];
    return {
      pattern: aPattern(`part ${place + 1} of mix`, pattern),
      weight: atLeast(`the weight of part ${place + 1} of mix`, weight, 0),
    };
  });
  const heaviest = Math.max(0, ...weighted.map(({ weight }) => weight));
  if (heaviest === 0) throw new RangeError('mix needs at least one pattern with a weight above 0');
  // Compared with the heaviest, weights of any size add up to something finite.
  const shares = weighted.map(({ pattern, weight }) => ({ pattern, share: weight / heaviest }));
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  return bounded((ms) => shares.reduce((sum, { pattern, share }) => sum + levelOf(pattern, ms) * share, 0) / total);
}

/** The pattern brought into the range `min` to `max`, 0…1 each: 0 becomes `min`, 1 becomes `max`. */
export function scale(pattern: Pattern, min: number, max: number): Pattern {
  const inner = aPattern('the pattern of scale', pattern);
  const range = levelRange(min, max);
  return bounded((ms) => blend(range.min, range.max, levelOf(inner, ms)));
}

/** The pattern `factor` times as fast; a factor below 1, but above 0, makes it slower. */
export function faster(pattern: Pattern, factor: number): Pattern {
  const inner = aPattern('the pattern of faster', pattern);
  const times = positive('factor', factor);
  return bounded((ms) => levelOf(inner, ms * times));
}

/** Level 0 for so many ms, 0 or more; then the pattern from its beginning. */
export function delay(pattern: Pattern, ms: number): Pattern {
  const inner = aPattern('the pattern of delay', pattern);
  const wait = atLeast('ms', ms, 0);
  return bounded((time) => (time < wait ? 0 : levelOf(inner, time - wait)));
}

/** At each time the level of the strongest pattern. */
export function highest(...patterns: readonly Pattern[]): Pattern {
  const inner = all('highest', patterns);
  return bounded((ms) => Math.max(...inner.map((pattern) => levelOf(pattern, ms))));
}

/** The levels of all patterns multiplied: one of them at 0 silences the others. */
export function product(...patterns: readonly Pattern[]): Pattern {
  const inner = all('product', patterns);
  return bounded((ms) => inner.reduce((level, pattern) => level * levelOf(pattern, ms), 1));
}

/** 1 less the level of the pattern. */
export function invert(pattern: Pattern): Pattern {
  const inner = aPattern('the pattern of invert', pattern);
  return bounded((ms) => 1 - levelOf(inner, ms));
}

/** The pattern in so many even steps, 1 or more: 4 leaves the levels 0, 0.25, 0.5, 0.75 and 1. */
export function quantise(pattern: Pattern, steps: number): Pattern {
  const inner = aPattern('the pattern of quantise', pattern);
  const count = whole('steps', steps, 1, 1_000_000);
  return bounded((ms) => Math.round(levelOf(inner, ms) * count) / count);
}

function all(owner: string, patterns: readonly Pattern[]): readonly Pattern[] {
  if (patterns.length === 0) throw new RangeError(`${owner} needs at least one pattern`);
  return patterns.map((pattern, place) => aPattern(`pattern ${place + 1} of ${owner}`, pattern));
}
