import fc from 'fast-check';
import { isPositionType, type ModelDefinition, OUTPUT_TYPES, type ProtocolDefinition } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';
import { builtinCatalogue } from '../../support/simulation.js';
import { keyOf, type RangedOutput, SlowDevice } from '../../support/slow-device.js';

/** Longer than all that waits takes, a stop's repetition and the slowest stroke there is from end to end included, ms. */
const SETTLED_MS = 20_000;
/** Times that each protocol is played with; protocols with more models than that have each of them once. */
const RUNS = Number(process.env.RUNS ?? 12);

const catalogue = await builtinCatalogue();
const table = protocols
  .filter(({ status }) => status !== 'recognised')
  .map((definition) => [definition.id, definition] as const);

const driver = fc.constantFrom('one', 'two');
/** Taken modulo the number of outputs. */
const output = fc.nat(29);
const order = fc.record({
  kind: fc.constant('order'),
  output,
  /** Of the range. */
  share: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  durationMs: fc.integer({ min: 0, max: 900 }),
  driver,
});
const step = fc.oneof(
  { weight: 8, arbitrary: order },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pause'), ms: fc.integer({ min: 1, max: 400 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('off'), output, driver }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop all') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop active') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop feature'), output }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('session ends'), driver }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const quality = fc.record({ latency: fc.constantFrom(20, 120, 300), messageGap: fc.constantFrom(0, 75) });

/** What an output was told last; a stopped position is wherever it was held. */
type Told = { readonly output: RangedOutput; readonly value: number; readonly durationMs: number } | 'held';

interface Stop {
  /** Packets that had set out, and orders that had been given, before it. */
  readonly sent: number;
  readonly serial: number;
  /** Orders that had been given after it: those in between are its own. */
  readonly lastSerial: number;
  readonly covered: ReadonlySet<string>;
}

/** Plays the steps to a device, and writes down what should come of it. */
class Player {
  /** By output, in the order in which they were told. */
  readonly told = new Map<string, Told>();
  readonly stops: Stop[] = [];
  readonly #drivers = new Map<string, string>();

  constructor(private readonly slow: SlowDevice) {}

  async play(steps: readonly Step[]): Promise<void> {
    for (const current of steps) await this.#step(current);
  }

  async #step(current: Step): Promise<void> {
    const { device, clock } = this.slow;
    switch (current.kind) {
      case 'pause':
        await clock.advance(current.ms);
        return;
      case 'order': {
        const { value } = this.#at(current.output);
        this.#order(this.#at(current.output), Math.round(value[0] + current.share * (value[1] - value[0])), current);
        return;
      }
      case 'off':
        this.#order(this.#at(current.output), 0, { durationMs: 0, driver: current.driver });
        return;
      case 'stop all':
        this.#stop(
          () => true,
          () => device.stop(),
        );
        return;
      case 'stop active':
        this.#stop(
          (key) => this.#drivers.has(key),
          () => device.stopActive(),
        );
        return;
      case 'stop feature': {
        const { index } = this.#at(current.output);
        this.#stop(
          (_key, { index: other }) => other === index,
          () => device.stop(index),
        );
        return;
      }
      case 'session ends':
        this.#stop(
          (key) => this.#drivers.get(key) === current.driver,
          () => device.stopDrivenBy(current.driver),
        );
    }
  }

  #at(place: number): RangedOutput {
    const { outputs } = this.slow;
    const found = outputs[place % outputs.length];
    if (!found) throw new Error(`${this.slow.model.name} has no outputs`);
    return found;
  }

  #order(output: RangedOutput, value: number, { durationMs, driver }: { durationMs: number; driver: string }): void {
    this.slow.order(output, value, durationMs, driver);
    this.#tell(output, { output, value, durationMs });
    this.#drivers.set(keyOf(output), driver);
  }

  #stop(covers: (key: string, output: RangedOutput) => boolean, stop: () => void): void {
    const covered = this.slow.outputs.filter((output) => covers(keyOf(output), output));
    const before = { sent: this.slow.sent.length, serial: this.slow.serial };
    stop();
    this.stops.push({ ...before, lastSerial: this.slow.serial, covered: new Set(covered.map(keyOf)) });
    for (const output of covered) {
      this.#tell(output, isPositionType(output.type) ? 'held' : { output, value: 0, durationMs: 0 });
      this.#drivers.delete(keyOf(output));
    }
  }

  #tell(output: RangedOutput, told: Told): void {
    const key = keyOf(output);
    this.told.delete(key);
    this.told.set(key, told);
  }
}

/** Packets made before a stop, for something that it stops, that set out after it; those of earlier stops may. */
const staleIn = ({ sent }: SlowDevice, stop: Stop, stops: readonly Stop[]) =>
  sent.slice(stop.sent).flatMap(({ order }) => {
    if (!order || order.serial > stop.serial || (order.value === 0 && !isPositionType(order.type))) return [];
    if (stops.some(({ serial, lastSerial }) => order.serial > serial && order.serial <= lastSerial)) return [];
    const key = keyOf({ index: order.feature.index, type: order.type });
    return stop.covered.has(key) ? [`${key} ${order.value}`] : [];
  });

/** Where the motors of a fresh device are that is told no more than each output's last order, on a link without delay. */
async function motorsTold(definition: ProtocolDefinition, model: ModelDefinition, told: Player['told']) {
  const fresh = await SlowDevice.open(catalogue, definition, model, { latency: 0, messageGap: 0 });
  if (!fresh) throw new Error(`${model.name} is not there any more`);
  for (const last of told.values()) {
    if (last === 'held') continue;
    fresh.order(last.output, last.value, last.durationMs);
    await fresh.clock.advance(100);
  }
  await fresh.clock.advance(SETTLED_MS);
  return motorsOf(fresh, told);
}

/** A feature with two kinds of moves has one place. */
const isHeld = ({ index, type }: RangedOutput, told: Player['told']) =>
  isPositionType(type) && OUTPUT_TYPES.some((other) => told.get(keyOf({ index, type: other })) === 'held');

/** A spray ends by itself, and where a stroker was held is the clock's. */
const motorsOf = (slow: SlowDevice, told: Player['told']) =>
  slow.outputs
    .filter((output) => output.type !== 'Spray' && !isHeld(output, told))
    .map((output) => `${keyOf(output)} ${slow.motor(output)}`);

/** Whether there is such a device, and something to order of it. */
async function isPlayable(definition: ProtocolDefinition, model: ModelDefinition): Promise<boolean> {
  const device = await SlowDevice.open(catalogue, definition, model, { latency: 0, messageGap: 0 });
  return device !== undefined && device.outputs.length > 0;
}

async function expectOrder(definition: ProtocolDefinition, model: ModelDefinition, numRuns: number): Promise<void> {
  const situation = fc.record({
    link: quality,
    steps: fc.array(step, { maxLength: 25 }),
    pauseMs: fc.integer({ min: 0, max: 400 }),
  });
  await fc.assert(
    fc.asyncProperty(situation, async ({ link, steps, pauseMs }) => {
      const slow = await SlowDevice.open(catalogue, definition, model, link);
      if (!slow) throw new Error(`${model.name} is not there any more`);
      const { clock, device } = slow;
      const player = new Player(slow);
      await player.play(steps);
      await clock.advance(SETTLED_MS);
      expect(motorsOf(slow, player.told), 'the last level wins').toEqual(
        await motorsTold(definition, model, player.told),
      );
      expect(
        player.stops.flatMap((stop) => staleIn(slow, stop, player.stops)),
        'nothing older follows a stop',
      ).toEqual([]);

      for (const output of slow.outputs) slow.order(output, output.value[1], 5000);
      await clock.advance(pauseMs);
      const made = slow.made;
      device.stop();
      // The packet that was on its way, and those of the stop, each after the pause that some devices need.
      const packets = slow.made - made;
      await clock.advance((1 + packets) * link.latency + packets * Math.max(0, ...(definition.packetGapsMs ?? [])));
      expect(slow.running, 'a stop is through in the time of its packets').toEqual([]);
      await clock.advance(SETTLED_MS);
      expect(slow.running, 'and nothing comes after it').toEqual([]);
      device.close('the test has ended');
    }),
    { numRuns },
  );
}

describe.each(table)('%s on a slow link', (_id, definition) => {
  it('ends at its last level, stops at once, and takes nothing old after a stop', async () => {
    const { models } = definition;
    let played = 0;
    for (const model of models) {
      if (!(await isPlayable(definition, model))) continue;
      await expectOrder(definition, model, Math.ceil(RUNS / models.length));
      played += 1;
    }
    // There is nothing to order of a protocol that has sensors only.
    const drives = models.some(({ features }) => features.some(({ outputs }) => Object.keys(outputs).length > 0));
    expect(played > 0).toBe(drives);
  });
});

async function openFirst(protocol: string): Promise<SlowDevice> {
  const definition = protocols.find(({ id }) => id === protocol);
  const [model] = definition?.models ?? [];
  const quality = { latency: 20, messageGap: 0 };
  const slow = definition && model && (await SlowDevice.open(catalogue, definition, model, quality));
  if (!slow) throw new Error(`There is no device of ${protocol}`);
  return slow;
}

describe('a stroke ordered while the stop of another still waits', () => {
  it('goes on from where that one holds', async () => {
    const slow = await openFirst('fredorch');
    const [stroker] = slow.outputs;
    if (!stroker) throw new Error('It has a stroker');
    slow.order(stroker, 15, 1000);
    await slow.clock.advance(300);
    slow.order(stroker, 14, 700);
    await slow.clock.advance(1);
    slow.device.stop();
    slow.order(stroker, 14, 700);
    await slow.clock.advance(SETTLED_MS);
    expect(slow.motor(stroker)).toBe(14);
  });
});

describe('a motor told 0 whose packet before that waits for two motors', () => {
  it('does not start once more after a stop', async () => {
    const slow = await openFirst('svakom-iker');
    const [vibrator, pulsator] = slow.outputs;
    if (!vibrator || !pulsator) throw new Error('It has two motors');
    slow.order(pulsator, 0, 0);
    slow.order(vibrator, 10, 0);
    await slow.clock.advance(1);
    slow.order(vibrator, 0, 0);
    const before = slow.sent.length;
    slow.device.stopActive();
    await slow.clock.advance(SETTLED_MS);
    expect(slow.sent.slice(before).map(({ order }) => order?.value)).not.toContain(10);
    expect(slow.running).toEqual([]);
  });
});
