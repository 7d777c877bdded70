import { type Figure, figure, short } from '#bench/support/figures';
import type { DueStop, SilenceJob } from '#bench/support/jobs';
import { GatewayProcess } from '#bench/support/processes';
import type { Scenario } from '#bench/support/scenario';
import { median } from '#bench/support/stats';

const CLIENTS = 500;
const DEVICES = 100;
const MAX_PING_TIME_MS = 1000;

interface Packet {
  readonly time: string;
  readonly hex: string;
}

/**
 * 500 clients ping and drive a hundred devices. One falls silent and everything has to stop; all fall silent, and each has to
 * have stopped what it drove. Lateness is from the deadline to the packet that reached the simulated device.
 */
export const missedPing: Scenario = async ({ quick, load }) => {
  const run = async (silent: SilenceJob['silent']): Promise<Figure> => {
    const onPingTimeout = silent === 'first' ? 'all' : 'driven';
    await using gateway = await GatewayProcess.start({
      devices: DEVICES,
      maxPingTime: MAX_PING_TIME_MS,
      onPingTimeout,
    });
    const worst: number[] = [];
    const all: number[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      const { dueStops } = await load.run({
        kind: 'silence',
        port: gateway.port,
        clients: CLIENTS,
        devices: DEVICES,
        pingEveryMs: MAX_PING_TIME_MS * 0.4,
        maxPingTimeMs: MAX_PING_TIME_MS,
        silent,
      });
      const late = lateness(dueStops, await packetsOfAll(gateway.port));
      worst.push(Math.max(...late));
      all.push(...late);
    }
    const who = silent === 'first' ? `one of ${CLIENTS} clients` : `all ${CLIENTS} clients`;
    const detail = `${all.length} outputs, median ${short(median(all))} ms; worst of each round ${worst.map(short).join(', ')} ms`;
    return figure(`last stop after a ping missed by ${who}`, Math.max(...worst), 'ms', { below: 50 }, detail);
  };
  return [await run('first'), await run('all')];
};

/** How long after its deadline each output was off, ms; infinite for one that was not. Times of packets are whole ms. */
function lateness(dueStops: readonly DueStop[], packets: readonly (readonly Packet[])[]): number[] {
  return dueStops.map(({ device, feature, deadline }) => {
    const stop = `01${feature.toString(16).padStart(2, '0')}0000`;
    const times = packets[device]?.filter(({ hex }) => hex === stop).map(({ time }) => Date.parse(time)) ?? [];
    const stoppedAt = times.find((time) => time >= Math.floor(deadline));
    return stoppedAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, stoppedAt - deadline);
  });
}

/** What each simulated device was sent last, by its number. */
async function packetsOfAll(port: number): Promise<readonly (readonly Packet[])[]> {
  const api = `http://127.0.0.1:${port}/api/simulated`;
  return Promise.all(
    Array.from({ length: DEVICES }, async (_, device) => {
      const answer = await fetch(`${api}/pulsegate-testbed-${device + 1}`);
      return ((await answer.json()) as { packets: Packet[] }).packets;
    }),
  );
}
