import { figure, short } from '#bench/support/figures';
import { GatewayProcess, type Target } from '#bench/support/processes';
import type { Scenario } from '#bench/support/scenario';
import { inTurns, median } from '#bench/support/stats';

/** One command at a time: what the gateway adds to a round trip. */
export const latency: Scenario = async ({ quick, runs, floor, load }) => {
  await using gateway = await GatewayProcess.start({ devices: 1 });
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
    const detail = `floor ${short(median(bare))} ms, gateway ${short(median(ours))} ms`;
    return figure(`added latency, ${measure}`, difference, 'ms', { below }, detail);
  };
  return [added('median', 0.2), added('p99', 1)];
};
