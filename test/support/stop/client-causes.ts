import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type LiveGateway, startLive } from '../live-gateway.js';
import { STOP_PROMISE_MS } from '../timing.js';
import { WireClient } from '../wire-client.js';
import type { OutputCase } from './outputs.js';
import { type Cause, obeyed, sessions, simulatedPackets } from './stage.js';

const PING_TIME_MS = 300;
const HEARTBEAT_MS = 150;

/** A client in this process goes, in one way or another; the gateway stays. */
function clientCause({
  name,
  withinMs = STOP_PROMISE_MS,
  transport = {},
  strike,
}: {
  readonly name: string;
  readonly withinMs?: number;
  readonly transport?: object;
  /** Resolves with the moment from which time counts. */
  readonly strike: (client: WireClient) => number | Promise<number>;
}): Cause {
  return {
    name,
    withinMs,
    async begin(output) {
      const live = await startLive({ config: { plugins: { 'transport-websocket': transport } } });
      const client = await WireClient.connect(live.url);
      await client.output(0, output.feature, output.command);
      const packets = () => simulatedPackets(live);
      await obeyed(packets, output);
      return {
        packets,
        strike: async () => strike(client),
        settled: () => sessions(live, 0),
        async [Symbol.asyncDispose]() {
          client.socket.destroy();
          await live[Symbol.asyncDispose]();
        },
      };
    },
  };
}

function now(act: () => void): number {
  const moment = Date.now();
  act();
  return moment;
}

const killedProcess: Cause = {
  name: 'client process killed',
  withinMs: STOP_PROMISE_MS,
  async begin(output) {
    const live = await startLive();
    const child = await drivingProcess(live, output);
    const packets = () => simulatedPackets(live);
    await obeyed(packets, output);
    return {
      packets,
      strike: async () => now(() => child.kill('SIGKILL')),
      settled: () => sessions(live, 0),
      async [Symbol.asyncDispose]() {
        child.kill('SIGKILL');
        await live[Symbol.asyncDispose]();
      },
    };
  },
};

/** Resolves when the process says that the gateway has taken its order. */
async function drivingProcess({ url }: LiveGateway, { feature, command }: OutputCase): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./driving-client.ts', import.meta.url));
  const child = spawn(process.execPath, [script, url, String(feature), JSON.stringify(command)], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

export const clientCauses: readonly Cause[] = [
  clientCause({ name: 'clean close', strike: (client) => now(() => client.webSocket.close(1000)) }),
  clientCause({ name: 'Disconnect message', strike: (client) => now(() => client.tell({ Disconnect: { Id: 9 } })) }),
  clientCause({ name: 'cut socket', strike: (client) => now(() => client.socket.destroy()) }),
  clientCause({
    name: 'silent peer',
    // The first beat asks, the second finds no answer.
    withinMs: 2 * HEARTBEAT_MS,
    transport: { heartbeat: HEARTBEAT_MS },
    // What it does not read it does not answer, while its system still takes the packets: a half-open connection.
    strike: (client) => now(() => client.webSocket.pause()),
  }),
  clientCause({
    name: 'ping missed',
    transport: { maxPingTime: PING_TIME_MS },
    async strike(client) {
      const lastPing = Date.now();
      await client.ask({ Ping: {} });
      return lastPing + PING_TIME_MS;
    },
  }),
  killedProcess,
];
