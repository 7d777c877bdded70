import { figure, rate } from '#bench/support/figures';
import { GatewayProcess, type Target } from '#bench/support/processes';
import type { Scenario } from '#bench/support/scenario';
import { inTurns, median } from '#bench/support/stats';

/** Commands over one WebSocket, many on their way at a time, to a device that takes packets at once and to a Bluetooth one. */
export const throughput: Scenario = async ({ quick, runs, floor, load }) => {
  const run = ({ port }: Target) =>
    load.run({
      kind: 'drive',
      port,
      clients: 1,
      devices: 1,
      inFlight: 64,
      warmUp: 10_000,
      length: { ms: quick ? 500 : 2000 },
    });
  const figures = [];
  for (const messageGap of [0, 75]) {
    await using gateway = await GatewayProcess.start({ devices: 1, messageGap });
    const pairs = await inTurns(
      runs,
      () => run(floor),
      () => run(gateway),
    );
    const ratio = median(pairs.map(({ first, second }) => second.perSecond / first.perSecond));
    const [bare, ours] = [pairs.map(({ first }) => first.perSecond), pairs.map(({ second }) => second.perSecond)];
    figures.push(
      figure(
        `throughput, 1 client, message gap ${messageGap} ms`,
        ratio,
        'of floor',
        { atLeast: 0.6 },
        `floor ${rate(median(bare))}, gateway ${rate(median(ours))}`,
      ),
    );
  }
  return figures;
};
