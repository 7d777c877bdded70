import { type Figure, figure, rate, short } from '#bench/support/figures';
import { GatewayProcess, type Target } from '#bench/support/processes';
import type { Scenario } from '#bench/support/scenario';
import { inTurns, median } from '#bench/support/stats';

const DEVICES = 100;
/** Commands on their way, over all clients: each has at least one. */
const IN_FLIGHT = 64;

/** One to many clients on a hundred devices: throughput, and whether everybody gets a fair share. */
export const crowd: Scenario = async ({ quick, runs, floor, load }) => {
  await using gateway = await GatewayProcess.start({ devices: DEVICES });
  const figures: Figure[] = [];
  for (const clients of [1, 10, 100, 500]) {
    const run = ({ port }: Target) =>
      load.run({
        kind: 'drive',
        port,
        clients,
        devices: DEVICES,
        inFlight: Math.max(1, Math.floor(IN_FLIGHT / clients)),
        warmUp: 10_000,
        length: { ms: quick ? 500 : 2000 },
      });
    const pairs = await inTurns(
      runs,
      () => run(floor),
      () => run(gateway),
    );
    const ratio = median(pairs.map(({ first, second }) => second.perSecond / first.perSecond));
    const [bare, ours] = [pairs.map(({ first }) => first.perSecond), pairs.map(({ second }) => second.perSecond)];
    figures.push(
      figure(
        `throughput, ${clients} clients, ${DEVICES} devices`,
        ratio,
        'of floor',
        { atLeast: 0.6 },
        `floor ${rate(median(bare))}, gateway ${rate(median(ours))}`,
      ),
    );
    if (clients > 1)
      figures.push(
        fairness(
          clients,
          pairs.map(({ second }) => second.clientP99s),
        ),
      );
  }
  return figures;
};

function fairness(clients: number, runs: readonly (readonly number[])[]): Figure {
  const worst = runs.map((p99s) => Math.max(...p99s));
  const typical = runs.map((p99s) => median(p99s));
  const unfairness = median(runs.map((p99s) => Math.max(...p99s) / median(p99s)));
  const detail = `worst client’s p99 ${short(median(worst))} ms, median client’s ${short(median(typical))} ms`;
  return figure(`unfairness, ${clients} clients`, unfairness, 'times', { below: 5 }, detail);
}
