/** The value below which `share` of the samples lie; the samples need not be sorted. NaN of none. */
export function quantile(samples: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (samples: ArrayLike<number>): number => quantile(samples, 0.5);

/**
 * Runs `first` and `second` in turns, so that whatever else the machine does meets both alike, and pairs what they return.
 */
export async function inTurns<A, B>(
  times: number,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<readonly { readonly first: A; readonly second: B }[]> {
  const pairs: { first: A; second: B }[] = [];
  for (let turn = 0; turn < times; turn += 1) pairs.push({ first: await first(), second: await second() });
  return pairs;
}
