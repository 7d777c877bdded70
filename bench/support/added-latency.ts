import { type Figure, figure, short } from '#bench/support/figures';
import type { Target } from '#bench/support/processes';
import type { Bench } from '#bench/support/scenario';
import { inTurns, median } from '#bench/support/stats';

/** One command at a time: what a gateway adds to a round trip of the floor, in the same run. */
export async function addedLatency(
  { quick, runs, floor, load }: Bench,
  gateway: Target,
  { name, remark = '' }: { readonly name: string; readonly remark?: string },
): Promise<readonly Figure[]> {
  const run = ({ port }: Target) =>
    load.run({
      kind: 'drive',
      port,
      clients: 1,
      devices: 1,
      inFlight: 1,
      warmUp: 3000,
      length: { commands: quick ? 2000 : 10_000 },
    });
  const pairs = await inTurns(
    runs,
    () => run(floor),
    () => run(gateway),
  );
  const added = (measure: 'median' | 'p99', below: number) => {
    const [bare, ours] = [pairs.map(({ first }) => first[measure]), pairs.map(({ second }) => second[measure])];
    const difference = median(pairs.map(({ first, second }) => second[measure] - first[measure]));
    const detail = `floor ${short(median(bare))} ms, gateway ${short(median(ours))} ms${remark}`;
    return figure(`${name}, ${measure}`, difference, 'ms', { below }, detail);
  };
  return [added('median', 0.2), added('p99', 1)];
}
