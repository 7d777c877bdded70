/** More doublings than this make no difference, and no number of their own. */
const MOST_DOUBLINGS = 20;

/** How long to wait before trying once more, ms: `firstMs`, twice as long after every failure, and never longer than `mostMs`. */
export const growingPause = (firstMs: number, mostMs: number, failures: number): number =>
  Math.min(firstMs * 2 ** Math.min(failures, MOST_DOUBLINGS), mostMs);
