import { atLeast, flag, oneOf, onlyOptions, positive, shown, within } from './checks.js';
import { aPattern, blend, bounded, levelOf, levelRange, type Pattern } from './pattern-core.js';

/** The same level for ever, 0…1. */
export function constant(level: number): Pattern {
  const fixed = within('level', level, 0, 1);
  return () => fixed;
}

export interface WaveOptions {
  /** ms from one beginning to the next, above 0. */
  readonly period: number;
  /** Lowest level, 0…1; 0 unless given. */
  readonly min?: number | undefined;
  /** Highest level, 0…1; 1 unless given. */
  readonly max?: number | undefined;
  /** How far into its period the wave begins, 0…1; 0 unless given. */
  readonly phase?: number | undefined;
  /**
   * `sine` (unless given) and `triangle` rise from `min` to `max` and fall back; `saw` rises and drops at once; `square` is
   * at `max` for the first half and at `min` for the second.
   */
  readonly shape?: WaveShape | undefined;
}

export type WaveShape = 'sine' | 'triangle' | 'square' | 'saw';

const SHAPES: Readonly<Record<WaveShape, (turn: number) => number>> = {
  sine: (turn) => (1 - Math.cos(2 * Math.PI * turn)) / 2,
  triangle: (turn) => 1 - Math.abs(2 * turn - 1),
  square: (turn) => (turn < 0.5 ? 1 : 0),
  saw: (turn) => turn,
};

/** A level that goes up and down once per period, for ever. */
export function wave(options: WaveOptions): Pattern {
  onlyOptions('wave', options, ['period', 'min', 'max', 'phase', 'shape']);
  const period = positive('period', options.period);
  const { min, max } = levelRange(options.min ?? 0, options.max ?? 1);
  const phase = within('phase', options.phase ?? 0, 0, 1);
  const shape = SHAPES[oneOf('shape', options.shape ?? 'sine', ['sine', 'triangle', 'square', 'saw'])];
  return bounded((ms) => blend(min, max, shape(((ms % period) / period + phase) % 1)));
}

export interface PulseOptions {
  /** ms at `level`, 0 or more. */
  readonly on: number;
  /** ms at `base`, 0 or more; not 0 together with `on`. */
  readonly off: number;
  /** 0…1; 1 unless given. */
  readonly level?: number | undefined;
  /** 0…1; 0 unless given. */
  readonly base?: number | undefined;
}

/** On and off in turns, beginning with on. */
export function pulse(options: PulseOptions): Pattern {
  onlyOptions('pulse', options, ['on', 'off', 'level', 'base']);
  const on = atLeast('on', options.on, 0);
  const off = atLeast('off', options.off, 0);
  const level = within('level', options.level ?? 1, 0, 1);
  const base = within('base', options.base ?? 0, 0, 1);
  if (on + off === 0) throw new RangeError('on and off must not both be 0');
  return bounded((ms) => (ms % (on + off) < on ? level : base));
}

export interface RampOptions {
  /** Level at the beginning, 0…1; 0 unless given. */
  readonly from?: number | undefined;
  /** Level at the end, 0…1; 1 unless given. */
  readonly to?: number | undefined;
  /** ms from the one to the other, above 0. */
  readonly over: number;
  /** What follows: `hold` (unless given) stays at `to`, `repeat` begins anew at `from`, `bounce` goes back and forth. */
  readonly after?: 'hold' | 'repeat' | 'bounce' | undefined;
}

/** A level that changes evenly from one to another. */
export function ramp(options: RampOptions): Pattern {
  onlyOptions('ramp', options, ['from', 'to', 'over', 'after']);
  const from = within('from', options.from ?? 0, 0, 1);
  const to = within('to', options.to ?? 1, 0, 1);
  const over = positive('over', options.over);
  const after = oneOf('after', options.after ?? 'hold', ['hold', 'repeat', 'bounce']);
  return bounded((ms) => {
    if (after === 'hold') return blend(from, to, Math.min(ms / over, 1));
    if (after === 'repeat') return blend(from, to, (ms % over) / over);
    return blend(to, from, Math.abs((ms % (2 * over)) / over - 1));
  });
}

export interface EnvelopeOptions {
  /** ms from 0 to 1, 0 or more. */
  readonly attack: number;
  /** ms from 1 to `sustain`, 0 or more; 0 unless given. */
  readonly decay?: number | undefined;
  /** Level that is held, 0…1; 1 unless given. */
  readonly sustain?: number | undefined;
  /** ms at `sustain`, 0 or more. */
  readonly hold: number;
  /** ms from `sustain` to 0, 0 or more. From then on the level is 0. */
  readonly release: number;
}

/** A level that swells, is held and fades; with a pattern, that pattern swelling and fading so. */
export function envelope(options: EnvelopeOptions, pattern: Pattern = () => 1): Pattern {
  onlyOptions('envelope', options, ['attack', 'decay', 'sustain', 'hold', 'release']);
  const attack = atLeast('attack', options.attack, 0);
  const decay = atLeast('decay', options.decay ?? 0, 0);
  const sustain = within('sustain', options.sustain ?? 1, 0, 1);
  const hold = atLeast('hold', options.hold, 0);
  const release = atLeast('release', options.release, 0);
  const inner = aPattern('the pattern of envelope', pattern);
  const strength = (ms: number): number => {
    if (ms < attack) return ms / attack;
    const sinceAttack = ms - attack;
    if (sinceAttack < decay) return blend(1, sustain, sinceAttack / decay);
    const sinceDecay = sinceAttack - decay;
    if (sinceDecay < hold) return sustain;
    const sinceHold = sinceDecay - hold;
    return sinceHold < release ? blend(sustain, 0, sinceHold / release) : 0;
  };
  return bounded((ms) => strength(ms) * levelOf(inner, ms));
}

/** One part of a sequence: a pattern, or a level of 0…1, for a time in ms above 0. */
export type SequencePart =
  | { readonly pattern: Pattern; readonly for: number }
  | { readonly level: number; readonly for: number };

export interface SequenceOptions {
  /** Begins anew after the last part; otherwise the level at its end is held. */
  readonly repeat?: boolean | undefined;
}

/** How long before its end a sequence is asked for the level to hold, ms: enough not to vanish in sums, too little to feel. */
const BEFORE_END_MS = 1e-6;

/** One part after another; each sees its own time from 0. */
export function sequence(parts: readonly SequencePart[], options: SequenceOptions = {}): Pattern {
  if (!Array.isArray(parts)) throw new TypeError(`sequence takes a list of parts, not ${shown(parts)}`);
  onlyOptions('sequence', options, ['repeat']);
  const repeat = flag('repeat', options.repeat ?? false);
  let total = 0;
  const slots = parts.map((part: SequencePart, place) => {
    const slot = { pattern: patternOfPart(part, `parts[${place}]`), start: total };
    total += positive(`parts[${place}].for`, part.for);
    return slot;
  });
  if (slots.length === 0) throw new RangeError('sequence needs at least one part');
  return bounded((ms) => {
    // At its very end a pulse is on again: held is what was there until then.
    const time = repeat ? ms % total : Math.min(ms, total - BEFORE_END_MS);
    const slot = slots.findLast(({ start }) => start <= time);
    return slot ? levelOf(slot.pattern, time - slot.start) : 0;
  });
}

function patternOfPart(part: SequencePart, name: string): Pattern {
  onlyOptions<Partial<Record<'pattern' | 'level' | 'for', unknown>>>(name, part, ['pattern', 'level', 'for']);
  const hasLevel = 'level' in part;
  if (hasLevel === 'pattern' in part) throw new TypeError(`${name} must have either a pattern or a level`);
  if (!hasLevel) return aPattern(`${name}.pattern`, part.pattern);
  const level = within(`${name}.level`, part.level, 0, 1);
  return () => level;
}
