import { describe, expect, it } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';
import type { Booted, Message, TestLine } from '../../support/boot.js';
import { level } from '../../support/messages.js';
import {
  bootShaky,
  type LevelledOutput,
  levelledOutputs,
  modelsOfEveryKind,
  type ShakyToy,
} from '../../support/shaky-toys.js';

/** Longer than any message gap, ms. */
const WRITTEN_MS = 300;
/** Long enough for a few repetitions on every link, ms. */
const LATER_MS = 16_000;

/** The model of each protocol that has most outputs. */
const table = protocols.flatMap((definition) => {
  const [model] = modelsOfEveryKind(definition);
  return definition.status === 'recognised' || !model ? [] : [[definition.id, definition, model] as const];
});

interface End {
  readonly order: Message;
  readonly ends: readonly LevelledOutput[];
}

/** One toy that is told things. */
class Bench {
  constructor(
    private readonly gateway: Booted,
    private readonly toy: ShakyToy,
    private readonly client: TestLine,
    private readonly outputs: readonly LevelledOutput[],
  ) {}

  get levels(): readonly number[] {
    return this.outputs.map(({ index, type }) => this.toy.level(index, type));
  }

  get on(): readonly string[] {
    return this.outputs.flatMap(({ index, type }) => (this.toy.level(index, type) === 0 ? [] : [`${index} ${type}`]));
  }

  async tell(order: Message): Promise<void> {
    expect(await this.client.ask(order)).toHaveProperty('Ok');
  }

  async driveAll(): Promise<void> {
    for (const { index, type, most } of this.outputs) {
      await this.tell(level(0, index, type, most));
      await this.gateway.clock.advance(WRITTEN_MS);
    }
    expect(this.on).not.toEqual([]);
  }

  /** How many packets the toy takes while nobody orders anything. */
  async packetsLater(): Promise<number> {
    let count = 0;
    this.toy.onTaken = () => {
      count += 1;
    };
    await this.gateway.clock.advance(LATER_MS);
    return count;
  }

  /** Over a link that refuses two packets; returns what went on again after it had been off. */
  async endWithRefusals(...orders: readonly End[]): Promise<readonly string[]> {
    const ended = new Set<LevelledOutput>();
    const off = new Set<LevelledOutput>();
    const revived: string[] = [];
    this.toy.onTaken = (hex) => {
      for (const output of ended) {
        if (this.toy.level(output.index, output.type) === 0) off.add(output);
        else if (off.has(output)) revived.push(`${output.index} ${output.type}: ${hex}`);
      }
    };
    this.toy.refusals = 2;
    for (const { order, ends } of orders) {
      for (const output of ends) ended.add(output);
      await this.tell(order);
    }
    await this.gateway.clock.advance(LATER_MS);
    return revived;
  }
}

describe.each(table)('%s', (_id, definition, model) => {
  it('goes on repeating what is in force when packets fail, and nothing older', async () => {
    // Where a link needs it, every protocol repeats something.
    const { gateway, toys, client } = await bootShaky(definition, [model], { needsKeepalive: true });
    await using _ = gateway;
    const [toy] = toys;
    if (!toy) throw new Error('There is no toy');
    const outputs = levelledOutputs(model);
    const bench = new Bench(gateway, toy, client, outputs);

    await bench.driveAll();
    const driven = bench.levels;
    const undisturbed = await bench.packetsLater();
    expect(undisturbed).toBeGreaterThan(1);
    toy.refusals = 2;
    await gateway.clock.advance(LATER_MS);
    expect(await bench.packetsLater()).toBeGreaterThanOrEqual(undisturbed - 1);
    expect(bench.levels).toEqual(driven);

    expect(await bench.endWithRefusals({ order: { StopCmd: {} }, ends: outputs })).toEqual([]);
    expect(bench.on).toEqual([]);

    await bench.driveAll();
    const zeros = outputs.map((output) => ({ order: level(0, output.index, output.type, 0), ends: [output] }));
    expect(await bench.endWithRefusals(...zeros)).toEqual([]);
    expect(bench.on).toEqual([]);
    expect(toy.connected).toBe(true);
  });
});
