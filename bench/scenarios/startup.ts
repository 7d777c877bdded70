import { figure, short } from '#bench/support/figures';
import { startFloor, timeToFirst } from '#bench/support/processes';
import type { Scenario } from '#bench/support/scenario';
import { inTurns, median } from '#bench/support/stats';
import { Wire } from '#bench/support/wire';

/** From starting the command to the first WebSocket that opens, and the same of a bare server to see what the machine does. */
export const startup: Scenario = async ({ runs }) => {
  const open = async (port: number) => (await Wire.open(port)).cut();
  const pairs = await inTurns(runs, bareStart, () => timeToFirst(open));
  const times = pairs.map(({ second }) => second);
  const bare = median(pairs.map(({ first }) => first));
  const detail = `${short(Math.min(...times))} to ${short(Math.max(...times))} ms; a bare server ${short(bare)} ms`;
  return [figure('start to first client', median(times), 'ms', { below: 1000 }, detail)];
};

async function bareStart(): Promise<number> {
  const startedAt = performance.now();
  await using bare = await startFloor();
  (await Wire.open(bare.port)).cut();
  return performance.now() - startedAt;
}
