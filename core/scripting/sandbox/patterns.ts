/** What a script imports as `pulsegate:patterns`: levels as pure functions of time, and ways to combine them. */

export { delay, faster, highest, invert, mix, product, quantise, scale } from './pattern-combinators.js';
export type { Pattern } from './pattern-core.js';
export {
  constant,
  type EnvelopeOptions,
  envelope,
  type PulseOptions,
  pulse,
  type RampOptions,
  ramp,
  type SequenceOptions,
  type SequencePart,
  sequence,
  type WaveOptions,
  type WaveShape,
  wave,
} from './pattern-shapes.js';
export { type RandomWalkOptions, randomWalk } from './random-walk.js';
