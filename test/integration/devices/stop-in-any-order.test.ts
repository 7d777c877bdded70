import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';
import { level } from '../../support/messages.js';
import { bootShaky, type LevelledOutput, levelledOutputs, modelsOfEveryKind } from '../../support/shaky-toys.js';

/** Longer than any message gap, ms. */
const GAP_MS = 400;
const RUNS = 12;

/** Nobody knows how to still one of their motors while the other runs (facts: protocols/zalo, doubts); all at once they are. */
const STILL_TOGETHER_ONLY = new Set(['zalo']);

const table = protocols.flatMap((definition) => {
  const models = modelsOfEveryKind(definition);
  return definition.status === 'recognised' || models.length === 0
    ? []
    : [[definition.id, definition, models] as const];
});

/** What is told to a toy, and how long nothing is told after that. */
interface Step {
  readonly output: LevelledOutput;
  /** undefined: the feature is stopped. */
  readonly value: number | undefined;
  readonly pauseMs: number;
  /** So many packets are refused from now on. */
  readonly refusals: number;
}

/** With pauses: some packets merge in the queue, some overtake each other, some are alone. */
function anySteps(outputs: readonly LevelledOutput[]): fc.Arbitrary<readonly Step[]> {
  const step = fc.constantFrom(...outputs).chain((output) =>
    fc.record({
      output: fc.constant(output),
      value: fc.oneof(
        fc.constantFrom(undefined, 0, 0, 1, output.most, output.least),
        fc.integer({ min: output.least, max: output.most }),
      ),
      pauseMs: fc.constantFrom(0, 0, 10, 80, GAP_MS),
      refusals: fc.constantFrom(0, 0, 0, 1, 2),
    }),
  );
  return fc.array(step, { minLength: 1, maxLength: 8 });
}

/** Each output on, and ended while a packet for another still waits; also when the next for the other is refused at first. */
function crossings(outputs: readonly LevelledOutput[]): readonly (readonly Step[])[] {
  const at = (output: LevelledOutput, value: Step['value'], refusals = 0) => ({ output, value, pauseMs: 0, refusals });
  return outputs.flatMap((first) =>
    outputs
      .filter((second) => second !== first)
      .flatMap((second) =>
        [undefined, 0].flatMap((end) => {
          const crossing = [at(first, first.most), at(second, second.most), at(first, end)];
          return [crossing, [...crossing, at(second, 1, 2)]];
        }),
      ),
  );
}

describe.each(table)('%s', (id, definition, models) => {
  it('has off what was told 0 or stopped, whatever else was ordered, and everything after a stop of all', async () => {
    const { gateway, toys, client } = await bootShaky(definition, models);
    await using _ = gateway;
    for (const [device, model] of models.entries()) {
      const toy = toys[device];
      if (!toy) throw new Error(`There is no toy ${device}`);
      const outputs = levelledOutputs(model);
      const told = new Map<LevelledOutput, number>();
      const onThoughOff = () =>
        outputs
          .filter((output) => (told.get(output) ?? 0) === 0 && toy.level(output.index, output.type) !== 0)
          .map(({ index, type }) => `${model.name}: ${index} ${type}`);
      const tell = async ({ output: { index, type }, value }: Step) => {
        const order =
          value === undefined
            ? { StopCmd: { DeviceIndex: device, FeatureIndex: index } }
            : level(device, index, type, value);
        expect(await client.ask(order)).toHaveProperty('Ok');
        const reached = outputs.filter(
          (output) => output.index === index && (value === undefined || output.type === type),
        );
        for (const output of reached) told.set(output, value ?? 0);
      };
      const turnOn = async (output: LevelledOutput) => {
        await tell({ output, value: output.most, pauseMs: 0, refusals: 0 });
        await gateway.clock.advance(GAP_MS);
        expect(toy.level(output.index, output.type), `${model.name}: ${output.index} ${output.type}`).not.toBe(0);
        await client.ask({ StopCmd: {} });
        await gateway.clock.advance(GAP_MS);
      };
      const run = async (steps: readonly Step[], isHasty: boolean, latencyMs: number) => {
        // Some toys are told a packet at a time; a stop may be told twice, and after refusals.
        const packetMs = latencyMs + Math.max(0, ...(definition.packetGapsMs ?? []));
        const settledMs = GAP_MS + (4 * outputs.length + 4) * packetMs;
        toy.latencyMs = latencyMs;
        for (const step of steps) {
          toy.refusals = step.refusals;
          await tell(step);
          await gateway.clock.advance(step.pauseMs);
        }
        if (!isHasty && !STILL_TOGETHER_ONLY.has(id)) {
          await gateway.clock.advance(settledMs);
          expect(onThoughOff()).toEqual([]);
        }
        expect(await client.ask({ StopCmd: {} })).toHaveProperty('Ok');
        told.clear();
        await gateway.clock.advance(settledMs);
        expect(onThoughOff()).toEqual([]);
        await gateway.clock.advance(3000);
        expect(onThoughOff()).toEqual([]);
        expect(toy.connected).toBe(true);
      };
      for (const output of outputs) await turnOn(output);
      for (const steps of crossings(outputs)) await run(steps, false, 0);
      await fc.assert(fc.asyncProperty(anySteps(outputs), fc.boolean(), fc.constantFrom(0, 0, 30, 120), run), {
        numRuns: RUNS,
      });
    }
  });
});
