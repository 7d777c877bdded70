import { setTimeout } from 'node:timers/promises';
import { figure, short } from '#bench/support/figures';
import { GatewayProcess, type Memory, residentWithChildren } from '#bench/support/processes';
import type { Scenario } from '#bench/support/scenario';

const MB = 1024 * 1024;
/** After a start or a burst of commands, until the process has come to rest, ms. */
const SETTLE_MS = 1000;

/** What an idle gateway takes, and whether it grows with what it has done. */
export const memory: Scenario = async ({ quick, load }) => {
  const commands = quick ? 100_000 : 1_000_000;
  await using gateway = await GatewayProcess.start({ devices: 2, messageGap: 0, probed: true });
  await setTimeout(SETTLE_MS);
  const resident = residentWithChildren(gateway.pid);
  const idle = await gateway.memory();

  const { port } = gateway;
  const drive = (count: number) =>
    load.run({ kind: 'drive', port, clients: 1, devices: 2, inFlight: 64, warmUp: 1, length: { commands: count } });
  const settled = async (): Promise<Memory> => {
    await setTimeout(SETTLE_MS);
    return gateway.memory();
  };
  // As many once before, so that what the engine sets aside for busy times is not taken for growth.
  await drive(commands);
  const before = await settled();
  await drive(commands);
  const after = await settled();

  const growth = (of: keyof Memory, below: number) => {
    const bytes = after[of] - before[of];
    const detail = `${short(before[of] / MB)} to ${short(after[of] / MB)} MB, ${short(bytes / commands)} bytes a command`;
    const what = of === 'rss' ? 'resident memory' : 'heap';
    return figure(`${what} growth over ${commands.toLocaleString('en')} commands`, bytes / MB, 'MB', { below }, detail);
  };
  return [
    figure('resident memory, idle', idle.rss / MB, 'MB', { below: 120 }, `heap ${short(idle.heapUsed / MB)} MB`),
    ...(resident === undefined
      ? []
      : [figure('resident memory with all it started, idle', resident / MB, 'MB', { below: 180 })]),
    growth('heapUsed', 1),
    growth('rss', 10),
  ];
};
