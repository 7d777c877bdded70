import { describe, expect, it } from 'vitest';
import { GatewayProcess, TestFolder } from '../support/gateway-process.js';
import { type HostileFrame, hostileFrames, hugeFrames } from '../support/hostile-frames.js';
import { TESTBED } from '../support/live-gateway.js';
import { PATIENCE_MS } from '../support/timing.js';
import { type Message, WireClient } from '../support/wire-client.js';

/** Bad input gets an Error with its Id and nothing worse; whoever behaves does not notice (B1; DESIGN.md, "Bad input"). */

/** In each of two rounds. */
const FRAMES = 5000;
const ATTACKERS = 4;
const HUGE_ROUNDS = 4;
/** A quarter of all answers may take longer than the first, one in a hundred longer than the second, ms. bench/ has the figures. */
const USUAL_LATENCY_MS = { quarter: 100, hundredth: 1000 };
/** What the heap of the gateway may grow in the second round, bytes: less than if it kept 200 bytes of every frame. */
const HEAP_SLACK = 1024 * 1024;
const TEST_TIMEOUT_MS = 180_000;

/** Collects garbage and reports what is left; needs no flag on the command line. */
const HEAP_PAGE = `return {
  async start() {
    const { HTTP } = await import('pulsegate/plugin');
    const [{ setFlagsFromString }, { runInNewContext }] = [await import('node:v8'), await import('node:vm')];
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    context.use(HTTP).routes((app) => app.get('/heap', () => {
      collect();
      return { heapUsed: process.memoryUsage().heapUsed };
    }));
  },
  stop() {},
};`;

const failuresOf = (messages: readonly Message[]) => messages.map(({ Error: error }) => [error?.ErrorCode, error?.Id]);

/** Sends a frame, and sees it answered the way it has to be. */
async function attack(client: WireClient, { what, data, answers }: HostileFrame): Promise<void> {
  client.events.length = 0;
  client.raw(data);
  await client.event(() => client.events.length >= answers.length);
  expect(failuresOf(client.events), what).toEqual(answers);
}

/** An honest client at work until told otherwise: one command at a time, each accepted. */
async function drive(client: WireClient, until: Promise<unknown>): Promise<{ latencies: number[]; last: number }> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  until.then(over, over);
  const latencies: number[] = [];
  let value = 0;
  while (!isOver) {
    value = (value % 20) + 1;
    const sentAt = performance.now();
    await client.output(0, 0, { Vibrate: { Value: value } });
    latencies.push(performance.now() - sentAt);
  }
  return { latencies: latencies.sort((left, right) => left - right), last: value };
}

async function sendLightFrames(url: string): Promise<void> {
  const client = await WireClient.connect(url, 4, 'hostile');
  for (let at = 0; at < FRAMES / ATTACKERS; at += 1) {
    const frame = hostileFrames[at % hostileFrames.length];
    if (frame) await attack(client, frame);
  }
  client.webSocket.close();
  await client.closed;
}

async function sendHugeFrames(url: string): Promise<void> {
  const client = await WireClient.connect(url, 3, 'huge');
  for (let round = 0; round < HUGE_ROUNDS; round += 1) for (const frame of hugeFrames) await attack(client, frame);
  client.webSocket.close();
  await client.closed;
}

/** Each on a connection of its own, which it costs. */
async function sendOversizedFrames(url: string): Promise<void> {
  const tenMegabytes = `[{"Ping":{"Id":1}},"${'x'.repeat(10_000_000)}"]`;
  for (let round = 0; round < HUGE_ROUNDS; round += 1) {
    const client = await WireClient.connect(url, 4, 'oversized');
    client.raw(tenMegabytes);
    expect(await client.closed).toMatchObject({ code: 1009 });
  }
}

/** What stays when everybody but the honest client has gone. */
async function heapAtRest(url: string): Promise<number> {
  const page = async (path: string) => (await (await fetch(new URL(path, url))).json()) as Record<string, unknown>;
  await expect.poll(async () => (await page('/health')).sessions, { timeout: PATIENCE_MS }).toBe(1);
  return Number((await page('/heap')).heapUsed);
}

describe('ten thousand hostile frames', () => {
  it(
    'are each answered with the Error they deserve (B1), while a client that behaves is served as always, and leave nothing behind',
    async () => {
      await using folder = await TestFolder.create();
      await using gateway = await GatewayProcess.start(folder, {
        plugins: {
          'hardware-simulated': { devices: [{ model: 'Pulsegate Testbed' }] },
          heap: { from: await folder.plugin('heap', HEAP_PAGE) },
        },
      });
      const { url, simulated } = gateway;
      await simulated.connected(1);
      const honest = await WireClient.connect(url, 4, 'honest');
      const heap: number[] = [];
      for (let round = 0; round < 2; round += 1) {
        const attackers = Array.from({ length: ATTACKERS }, () => sendLightFrames(url));
        const attacks = Promise.all([...attackers, sendHugeFrames(url), sendOversizedFrames(url)]);
        const [{ latencies, last }] = await Promise.all([drive(honest, attacks), attacks]);
        await simulated.reaches(TESTBED, 0, last);
        expect(latencies.length).toBeGreaterThan(100);
        expect(latencies[Math.floor(latencies.length * 0.75)]).toBeLessThan(USUAL_LATENCY_MS.quarter);
        expect(latencies[Math.floor(latencies.length * 0.99)]).toBeLessThan(USUAL_LATENCY_MS.hundredth);
        heap.push(await heapAtRest(url.replace('ws:', 'http:')));
      }
      const [first = 0, second = 0] = heap;
      expect(second - first).toBeLessThan(HEAP_SLACK);
      expect(await honest.ask({ StopCmd: {} })).toHaveProperty('Ok');
      await simulated.reaches(TESTBED, 0, 0);
      // Nothing of it was a surprise: the gateway reports its own failures as errors.
      expect(gateway.lines.filter(({ level }) => level >= 50)).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );
});
