import { atLeast, onlyOptions, whole, within } from './checks.js';
import { blend, bounded, levelRange, type Pattern } from './pattern-core.js';

export interface RandomWalkOptions {
  /** Any whole number; the same seed gives the same walk. */
  readonly seed: number;
  /** ms between two points of the walk, at least 1; 500 unless given. */
  readonly every?: number | undefined;
  /** Most that the level changes within `every`, 0.001…1; 0.2 unless given. */
  readonly step?: number | undefined;
  /** Lowest level, 0…1; 0 unless given. */
  readonly min?: number | undefined;
  /** Highest level, 0…1; 1 unless given. */
  readonly max?: number | undefined;
}

/** How many blocks there are before the walk joins its beginning: what a hash of 32 bits can tell apart. */
const BLOCKS = 2 ** 32;

/**
 * A level that wanders at random within a range, and never changes faster than told.
 *
 * Any point has to be found without walking there. So time is cut into blocks; the level at each block's beginning is a hash of
 * its number, and a block is as long as an ordinary walk needs to cross the range. Within, points are found by halving: a level
 * midway between two known ones, off their mean by a hashed amount. The amount is what an ordinary walk would have strayed, and
 * no more than leaves both neighbours within reach.
 */
export function randomWalk(options: RandomWalkOptions): Pattern {
  onlyOptions('randomWalk', options, ['seed', 'every', 'step', 'min', 'max']);
  const seed = foldSeed(whole('seed', options.seed));
  const every = atLeast('every', options.every ?? 500, 1);
  const step = within('step', options.step ?? 0.2, 0.001, 1);
  const { min, max } = levelRange(options.min ?? 0, options.max ?? 1);

  const reach = (max - min) / step;
  // With even steps of up to `step` a walk strays by step·√(length / 3); two levels at random lie (max - min) / √6 apart.
  const length = 2 ** Math.ceil(Math.log2(Math.max(1, reach, reach ** 2 / 2)));
  const anchor = (block: number) => blend(min, max, fraction(seed, block, 0));

  const point = (index: number): number => {
    const block = Math.floor(index / length) % BLOCKS;
    const place = index % length;
    let left = anchor(block);
    let right = anchor((block + 1) % BLOCKS);
    let start = 0;
    // The number of the middle among all middles of the block, counted as in a heap: its children are 2n and 2n + 1.
    let node = 1;
    for (let span = length; place !== start; span /= 2) {
      const mean = (left + right) / 2;
      // Both neighbours are span / 2 steps away. They were at most span steps apart, so this is never below 0.
      const spare = Math.max(0, (span * step - Math.abs(left - right)) / 2);
      const stray = Math.min(spare, (step * Math.sqrt(span)) / 2);
      const low = Math.max(min, mean - stray);
      const high = Math.min(max, mean + stray);
      const middle = blend(low, high, fraction(seed, block, node));
      if (place < start + span / 2) {
        right = middle;
        node = 2 * node;
      } else {
        left = middle;
        start += span / 2;
        node = 2 * node + 1;
      }
    }
    return left;
  };

  return bounded((ms) => {
    const time = (ms / every) % (length * BLOCKS);
    const index = Math.floor(time);
    return blend(point(index), point(index + 1), time - index);
  });
}

/** 0…1, the same for the same numbers and unlike for numbers that lie close together. */
function fraction(seed: number, block: number, node: number): number {
  return stir(stir(seed ^ block) + node) / (BLOCKS - 1);
}

function foldSeed(seed: number): number {
  return stir(stir(seed) ^ Math.floor(seed / BLOCKS));
}

/** Mixes 32 bits so that each of them changes about half of the others (the end of MurmurHash3, which is in the public domain). */
function stir(bits: number): number {
  let mixed = (bits + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
