import { figure, short } from '#bench/support/figures';
import { GatewayProcess, LoadClient } from '#bench/support/processes';
import type { Scenario } from '#bench/support/scenario';

/** One client drives while others send junk: how long it waits for its answers. */
export const hostile: Scenario = async ({ quick, load }) => {
  await using gateway = await GatewayProcess.start({ devices: 1 });
  await using attackers = new LoadClient();
  const { port } = gateway;
  const ms = quick ? 1000 : 5000;
  const drive = () =>
    load.run({ kind: 'drive', port, clients: 1, devices: 1, inFlight: 1, warmUp: 500, length: { ms: ms * 0.8 } });
  const alone = await drive();
  const [{ sent }, attacked] = await Promise.all([
    attackers.run({ kind: 'hostile', port, connections: 8, framesPerSecond: 400, ms }),
    drive(),
  ]);
  const detail = `${short(alone.median)} / ${short(alone.p99)} ms alone; ${sent} hostile frames, ${attacked.refused} commands refused`;
  return [
    figure('latency under attack, median', attacked.median, 'ms', { below: 1 }, detail),
    figure('latency under attack, p99', attacked.p99, 'ms', { below: 20 }),
  ];
};
