import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import type { Target } from '#bench/support/processes';

/** The testbed's light. */
const LIGHT = 5;
const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 10_000;

/** A device under the two names it has. */
export interface PlainTopic {
  /** In `/api/simulated`. */
  readonly simulated: string;
  /** The topic that sets its light. */
  readonly set: string;
}

/** Wakes an embedded broker, and waits until the gateway is connected. */
export async function brokerIsUp({ port: http }: Target, port: number): Promise<void> {
  await using _client = await listen(port, 'bench/awake', () => {});
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const text = await (await fetch(`http://127.0.0.1:${http}/metrics`)).text();
    if (/^pulsegate_mqtt_connected 1$/m.test(text)) return;
    await setTimeout(LOOK_EVERY_MS);
  }
  throw new Error('the gateway does not connect to the broker');
}

/** The topics of all devices, once the gateway has told the broker of them. */
export async function plainTopicsOf(
  { port: http }: Target,
  port: number,
  gateway: string,
  count: number,
): Promise<readonly PlainTopic[]> {
  const root = `pulsegate/${gateway}/devices`;
  const known = new Set<string>();
  await using _client = await listen(port, `${root}/+/info`, (topic) => known.add(topic));
  const at = `http://127.0.0.1:${http}/api/simulated`;
  const devices = (await (await fetch(at)).json()) as { id: string; address: string }[];
  const topics = await Promise.all(
    devices.map(async ({ id, address }) => {
      const answer = await fetch(`${at}/${id}`);
      const { protocol, identifier } = (await answer.json()) as { protocol: string; identifier: string };
      const key = `${protocol}/${identifier}/${address}`;
      const device = `${protocol}-${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
      return { simulated: id, info: `${root}/${device}/info`, set: `${root}/${device}/${LIGHT}/set` };
    }),
  );
  const until = performance.now() + PATIENCE_MS;
  const missing = () => count - topics.filter(({ info }) => known.has(info)).length;
  while (missing() > 0 && performance.now() < until) await setTimeout(LOOK_EVERY_MS);
  if (missing() > 0) throw new Error(`the broker does not know of ${missing()} of ${count} devices`);
  return topics;
}

/** How long each command took to reach its device, in whole ms: that is how exact the times of packets are. */
export async function commandsOf(
  { port }: Target,
  topics: readonly PlainTopic[],
  sentAt: readonly (readonly number[])[],
): Promise<{ readonly latencies: readonly number[] }> {
  const latencies: number[] = [];
  for (const [at, { simulated }] of topics.entries()) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/simulated/${simulated}`);
    const { packets } = (await answer.json()) as { packets: { time: string; hex: string }[] };
    const sent = sentAt[at] ?? [];
    for (const { time, hex } of packets) {
      const bytes = Buffer.from(hex, 'hex');
      const level = bytes.readInt16BE(2);
      const moment = sent[level - 1];
      const arrivedAt = Date.parse(time);
      // Others are from before.
      if (bytes.readUInt8(1) === LIGHT && moment !== undefined && arrivedAt >= moment) {
        latencies.push(arrivedAt - moment);
      }
    }
  }
  return { latencies };
}

async function listen(port: number, filter: string, listener: (topic: string, payload: string) => void) {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 }, false);
  client.on('message', (topic, payload) => listener(topic, payload.toString()));
  await client.subscribeAsync(filter);
  return { [Symbol.asyncDispose]: () => client.endAsync() };
}
