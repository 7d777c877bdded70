import { setTimeout } from 'node:timers/promises';
import { Client } from '#bench/support/client';
import type { HostileJob, HostileResult } from '#bench/support/jobs';
import { encodeFrame } from '#bench/support/wire';

const BINARY = 0x82;
const wrongSpeeds = Array.from({ length: 2000 }, () => '{"Index":"x","Speed":null}').join();

/** A little of everything that clients should not send; see test/e2e/hostile.test.ts for what each must be answered. */
const JUNK = [
  encodeFrame('not JSON at all'),
  encodeFrame(`${'['.repeat(5000)}${']'.repeat(5000)}`),
  encodeFrame('[{"OutputCmd":{"Id":1e999,"DeviceIndex":-1,"FeatureIndex":"0","Command":[]}}]'),
  encodeFrame('[{"__proto__":{"Id":1}},{"constructor":{"Id":2}}]'),
  encodeFrame(`[{"StopCmd":{"Id":3,"DeviceIndex":[${wrongSpeeds}]}}]`),
  encodeFrame(`[{"Ping":{"Id":4,${Array.from({ length: 2000 }, (_, at) => `"field${at}":0`).join()}}}]`),
  encodeFrame(`[${Array.from({ length: 500 }, () => '{"Nonsense":{"Id":5}}').join()}]`),
  encodeFrame(Buffer.from(Array.from({ length: 2000 }, (_, at) => at & 0xff)), BINARY),
];

/** Connections at once that send junk at an even rate; one that is closed is replaced. */
export async function beHostile(job: HostileJob): Promise<HostileResult> {
  let sent = 0;
  const end = performance.now() + job.ms;
  const attacker = async (first: number) => {
    for (let at = first; performance.now() < end; ) {
      const { wire } = await Client.connect(job.port);
      let open = true;
      wire.onClosed = () => {
        open = false;
      };
      for (; open && performance.now() < end; at += 1) {
        wire.send(JUNK[at % JUNK.length] ?? Buffer.alloc(0));
        sent += 1;
        await setTimeout((1000 * job.connections) / job.framesPerSecond);
      }
      wire.cut();
    }
  };
  await Promise.all(Array.from({ length: job.connections }, (_, at) => attacker(at)));
  return { sent };
}
