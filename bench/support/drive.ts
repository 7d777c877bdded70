import { setTimeout } from 'node:timers/promises';
import { type Client, connectMany, encodeOutput } from '#bench/support/client';
import type { DriveJob, DriveResult } from '#bench/support/jobs';
import { quantile } from '#bench/support/stats';

/** Levels of the testbed's vibrator. Each command asks for another one, so that none is left out as a repetition. */
const LEVELS = 20;
const FIRST_ID = 100_000;

/** One client's closed loop. */
class Loop {
  latencies: number[] = [];
  refused = 0;
  readonly #client: Client;
  readonly #frames: readonly Buffer[];
  readonly #sentAt: number[] = [];
  #next = 0;
  #running = true;

  constructor(client: Client, device: number, onAnswered: () => void) {
    this.#client = client;
    this.#frames = Array.from({ length: LEVELS }, (_, at) => encodeOutput(FIRST_ID + at, device, 0, at + 1));
    client.onAnswer = (answer) => {
      // Answers to commands come in the order of the commands.
      const sentAt = this.#sentAt.shift();
      if (sentAt === undefined) return;
      this.latencies.push(performance.now() - sentAt);
      if (answer === 'error') this.refused += 1;
      onAnswered();
      if (this.#running) this.send();
    };
  }

  send(): void {
    const frame = this.#frames[this.#next];
    this.#next = (this.#next + 1) % LEVELS;
    if (!frame) return;
    this.#sentAt.push(performance.now());
    this.#client.wire.send(frame);
  }

  stop(): void {
    this.#running = false;
  }
}

export async function drive(job: DriveJob): Promise<DriveResult> {
  const { length } = job;
  const clients = await connectMany(job.port, job.clients);
  let answered = 0;
  let target = Number.POSITIVE_INFINITY;
  let reached = () => {};
  const loops = clients.map(
    (client, at) =>
      new Loop(client, at % job.devices, () => {
        answered += 1;
        if (answered >= target) reached();
      }),
  );
  const answers = (count: number) =>
    new Promise<void>((resolve) => {
      target = answered + count;
      reached = resolve;
    });

  const warm = answers(job.warmUp);
  for (let n = 0; n < job.inFlight; n += 1) for (const loop of loops) loop.send();
  await warm;
  for (const loop of loops) loop.latencies = [];
  const [startedAt, before] = [performance.now(), answered];
  await ('ms' in length ? setTimeout(length.ms) : answers(length.commands));
  const seconds = (performance.now() - startedAt) / 1000;
  const count = answered - before;
  for (const loop of loops) loop.stop();

  const all = loops.flatMap(({ latencies }) => latencies);
  const result = {
    perSecond: count / seconds,
    refused: loops.reduce((sum, { refused }) => sum + refused, 0),
    median: quantile(all, 0.5),
    p99: quantile(all, 0.99),
    clientP99s: loops.map(({ latencies }) => quantile(latencies, 0.99)),
  };
  await Promise.all(clients.map(({ wire }) => hangUp(wire)));
  return result;
}

function hangUp(wire: Client['wire']): Promise<void> {
  return new Promise((resolve) => {
    wire.onClosed = resolve;
    wire.cut();
  });
}
