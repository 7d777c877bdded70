import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueueBench } from './queue-bench.js';

const SLOTS = ['a', 'b', 'c'] as const;
const slot = fc.constantFrom(...SLOTS);

type Step =
  | { readonly kind: 'command'; readonly slots: readonly string[] }
  | { readonly kind: 'stop'; readonly slots: readonly string[] }
  | { readonly kind: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('command'), slots: fc.uniqueArray(slot, { minLength: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stop'), slots: fc.uniqueArray(slot, { minLength: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 0, max: 200 }) }) },
);

const speed = fc.record({
  gapMs: fc.constantFrom(0, 20, 75),
  latencyMs: fc.constantFrom(0, 1, 50, 130),
  packetGapsMs: fc.constantFrom([], [35], [30, 250]),
});

/** One of these asked for, with a number that grows. */
interface Asked {
  readonly label: string;
  readonly slot: string;
  readonly serial: number;
  readonly isStop: boolean;
  /** How many packets had set out before. */
  readonly sentBefore: number;
}

const labelsOf = (bench: QueueBench) => bench.sent.map((entry) => entry.split(' ')[1] ?? '');

async function play(bench: QueueBench, steps: readonly Step[]): Promise<Asked[]> {
  const asked: Asked[] = [];
  let serial = 0;
  for (const current of steps) {
    if (current.kind === 'wait') {
      await bench.clock.advance(current.ms);
      continue;
    }
    const isStop = current.kind === 'stop';
    const labels = current.slots.map((slot) => {
      serial += 1;
      const label = `${slot}${serial}`;
      asked.push({ label, slot, serial, isStop, sentBefore: bench.sent.length });
      return label;
    });
    if (isStop) bench.stop(...labels);
    else bench.enqueue(...labels);
  }
  await bench.clock.until(bench.queue.idle());
  return asked;
}

describe('write queue, whatever the order of commands and stops', () => {
  it('writes the last packet of every slot last, so the device ends where it was told to', async () => {
    await fc.assert(
      fc.asyncProperty(speed, fc.array(step, { maxLength: 30 }), async (link, steps) => {
        const bench = new QueueBench(link);
        const asked = await play(bench, steps);
        for (const slot of SLOTS) {
          const last = asked.findLast((entry) => entry.slot === slot)?.label;
          expect(bench.arrived.findLast((label) => label.startsWith(slot))).toBe(last);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('sends nothing older of a slot after its stop was asked for, and nothing newer before it', async () => {
    await fc.assert(
      fc.asyncProperty(speed, fc.array(step, { maxLength: 30 }), async (link, steps) => {
        const bench = new QueueBench(link);
        const asked = await play(bench, steps);
        const sent = labelsOf(bench);
        const serialOf = (label: string) => Number(label.slice(1));
        for (const stop of asked.filter(({ isStop }) => isStop)) {
          const after = sent.slice(stop.sentBefore);
          const ofSlot = after.filter((label) => label.startsWith(stop.slot));
          expect(
            ofSlot.filter((label) => serialOf(label) < stop.serial),
            `older than ${stop.label}`,
          ).toEqual([]);
          const place = after.indexOf(stop.label);
          // Only a newer stop may take a stop's place.
          if (place < 0) {
            expect(asked.some((one) => one.isStop && one.slot === stop.slot && one.serial > stop.serial)).toBe(true);
            continue;
          }
          const commands = asked.filter((one) => !one.isStop && one.serial > stop.serial).map(({ label }) => label);
          expect(
            after.slice(0, place).filter((label) => commands.includes(label)),
            `newer than ${stop.label}`,
          ).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the gap before every packet that is not a stop', async () => {
    await fc.assert(
      fc.asyncProperty(speed, fc.array(step, { maxLength: 30 }), async (link, steps) => {
        const bench = new QueueBench(link);
        const asked = await play(bench, steps);
        const isStop = new Set(asked.filter((entry) => entry.isStop).map(({ label }) => label));
        const departures = bench.sent.map((entry) => {
          const [at = '', label = ''] = entry.split(' ');
          return { at: Number(at), label };
        });
        for (const [place, { at, label }] of departures.entries()) {
          const before = departures[place - 1];
          if (!before || isStop.has(label)) continue;
          const pause = at - (before.at + link.latencyMs);
          // Either the same flush, as close as its packets may be, or a new one after the gap.
          const isSameFlush = link.packetGapsMs.length > 0 || pause === 0;
          expect(isSameFlush || pause >= link.gapMs, `${before.label} → ${label}: ${pause} ms`).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the pauses between single packets, those of stops included', async () => {
    await fc.assert(
      fc.asyncProperty(speed, fc.array(step, { maxLength: 30 }), async (link, steps) => {
        const bench = new QueueBench(link);
        await play(bench, steps);
        const [shortest = 0] = link.packetGapsMs;
        const departures = bench.sent.map((entry) => Number(entry.split(' ')[0]));
        for (const [place, at] of departures.entries()) {
          const before = departures[place - 1];
          if (before !== undefined) expect(at - before - link.latencyMs).toBeGreaterThanOrEqual(shortest);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is never idle while something waits, and never waits when idle', async () => {
    await fc.assert(
      fc.asyncProperty(speed, fc.array(step, { maxLength: 30 }), async (link, steps) => {
        const bench = new QueueBench(link);
        await play(bench, steps);
        expect(bench.queue.depth).toBe(0);
        const count = bench.sent.length;
        await bench.clock.advance(10_000);
        expect(bench.sent.length).toBe(count);
        expect(bench.clock.waiting).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
