import { addedLatency } from '#bench/support/added-latency';
import { GatewayProcess } from '#bench/support/processes';
import type { Scenario } from '#bench/support/scenario';

/** What the gateway adds to a round trip. */
export const latency: Scenario = async (bench) => {
  await using gateway = await GatewayProcess.start({ devices: 1 });
  return await addedLatency(bench, gateway, { name: 'added latency' });
};
