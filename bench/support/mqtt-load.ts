import { setTimeout } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import type { MqttEchoJob, MqttEchoResult, MqttPublishJob, MqttPublishResult } from '#bench/support/jobs';
import { quantile } from '#bench/support/stats';

/** As many connections as a home has programs that publish. */
const PUBLISHERS = 5;
/** How long messages that are on their way may take at the end, ms. */
const PATIENCE_MS = 2000;

/** Publishes level 1 to every topic, then level 2, and so on, at an even pace. */
export async function publishLevels(job: MqttPublishJob): Promise<MqttPublishResult> {
  await using publishers = await Publishers.connect(job.port);
  const sentAt: number[][] = job.topics.map(() => []);
  await atPace(job.perSecond, job.topics.length * job.levels, (n) => {
    const at = n % job.topics.length;
    const level = Math.floor(n / job.topics.length) + 1;
    sentAt[at]?.push(Date.now());
    publishers.publish(n, job.topics[at] ?? '', JSON.stringify({ steps: level }));
  });
  await setTimeout(PATIENCE_MS / 4);
  return { sentAt };
}

/** The least there is: from a plain client's publish to another one's receipt, through the same broker. */
export async function echo(job: MqttEchoJob): Promise<MqttEchoResult> {
  await using publishers = await Publishers.connect(job.port);
  await using listener = await Publishers.connect(job.port, 1);
  const total = job.topics * job.levels;
  const sentAt: number[] = [];
  const latencies: number[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  listener.client(0).on('message', (_topic, payload) => {
    latencies.push(
      performance.now() - (sentAt[(JSON.parse(payload.toString()) as { value: number }).value] ?? Number.NaN),
    );
    if (latencies.length === total) resolve();
  });
  await listener.client(0).subscribeAsync('bench/echo/+/set');
  await atPace(job.perSecond, total, (n) => {
    sentAt[n] = performance.now();
    publishers.publish(n, `bench/echo/${n % job.topics}/set`, JSON.stringify({ value: n }));
  });
  await Promise.race([all, setTimeout(PATIENCE_MS)]);
  return { median: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), lost: total - latencies.length };
}

class Publishers implements AsyncDisposable {
  readonly #clients: readonly MqttClient[];

  private constructor(clients: readonly MqttClient[]) {
    this.#clients = clients;
  }

  static async connect(port: number, count = PUBLISHERS): Promise<Publishers> {
    const one = () => connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 }, false);
    return new Publishers(await Promise.all(Array.from({ length: count }, one)));
  }

  client(at: number): MqttClient {
    const client = this.#clients[at % this.#clients.length];
    if (!client) throw new Error('there is no client');
    return client;
  }

  publish(n: number, topic: string, payload: string): void {
    this.client(n).publish(topic, payload, { qos: 0 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.endAsync()));
  }
}

/** Does it so many times, `perSecond` times a second: whatever is due is done with the next tick of a millisecond. */
function atPace(perSecond: number, count: number, act: (n: number) => void): Promise<void> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    let n = 0;
    const timer = setInterval(() => {
      const due = Math.min(count, ((performance.now() - startedAt) * perSecond) / 1000);
      for (; n < due; n += 1) act(n);
      if (n < count) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
}
