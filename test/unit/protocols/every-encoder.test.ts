import fc from 'fast-check';
import type { OutputType, ProtocolDefinition, Range } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { isPositionType, OUTPUT_TYPES } from '../../../core/protocol/model.js';
import { firmwares } from '../../../plugins/hardware-simulated/firmware/index.js';
import { protocols } from '../../../plugins/protocols/index.js';
import { type Driver, openSimulated, type SimulatedDevice } from '../../support/protocol-harness.js';

/** What a device needs to follow an order that takes more than a packet, ms: the longest move that is ordered, and a little. */
const FOLLOWED_MS = 1500;
const LONGEST_MOVE_MS = 900;
/** Times that each protocol is played with; protocols with more models than that have each of them once. */
const RUNS = Number(process.env.RUNS ?? 12);

const table = protocols
  .filter(({ status }) => status !== 'recognised')
  .map((definition) => [definition.id, definition] as const);

interface RangedOutput {
  readonly index: number;
  readonly type: OutputType;
  readonly value: Range;
  readonly duration?: Range;
}

const outputsOf = ({ model }: Driver): readonly RangedOutput[] =>
  model.features.flatMap(({ index, outputs }) =>
    OUTPUT_TYPES.flatMap((type) => (outputs[type] ? [{ index, type, ...outputs[type] }] : [])),
  );

/** Both ends more often than what is between. */
const levelIn = ([least, most]: Range) =>
  fc.oneof(fc.constantFrom(least, most, Math.max(least, 0)), fc.integer({ min: least, max: most }));

const ordersFor = (outputs: readonly RangedOutput[]) =>
  fc.array(
    fc.constantFrom(...outputs).chain((output) =>
      fc.record({
        output: fc.constant(output),
        value: levelIn(output.value),
        durationMs: fc.integer({ min: 50, max: LONGEST_MOVE_MS }),
      }),
    ),
    { minLength: 1, maxLength: 12 },
  );

/** A device of every model, as its simulated firmware is one. Models for devices whose names nobody knows have none. */
async function* devices(definition: ProtocolDefinition) {
  const firmware = await firmwares.get(definition.id)?.();
  if (!firmware) throw new Error(`Nobody has written the firmware of ${definition.id}`);
  const named = definition.models.filter(({ identifiers }) => identifiers.length > 0);
  for (const model of named.length > 0 ? named : definition.models) {
    const [identifier = 'unlisted'] = model.identifiers;
    const open = () => openSimulated(definition, firmware, identifier);
    const first = await open().catch(() => undefined);
    if (first?.driver.model === model && outputsOf(first.driver).length > 0) yield { first, open };
  }
}

/** A motor with its level. */
type Motor = Pick<RangedOutput, 'index' | 'type'> & { readonly level: number };

/** For two vibrators that have one level between them. */
const together =
  (join: (first: number, second: number) => readonly [number, number]) =>
  (told: readonly Motor[]): readonly Motor[] => {
    const [first = 0, second = 0] = [0, 1].map(
      (at) => told.find(({ index, type }) => index === at && type === 'Vibrate')?.level,
    );
    if (first === 0 || second === 0) return told;
    const levels = join(first, second);
    return told.map((motor) => ({ ...motor, level: levels[motor.index] ?? motor.level }));
  };
const atHigher = together((first, second) => [Math.max(first, second), Math.max(first, second)]);

/** Devices that are not able to do exactly what they are told, and what they do instead (facts: the doubts of each). */
const INSTEAD: Readonly<Record<string, (told: readonly Motor[]) => readonly Motor[]>> = {
  jejoue: together((first) => [first, first]),
  // The table of its strengths begins there.
  'nintendo-joycon': (told) => told.map((motor) => ({ ...motor, level: motor.level > 120 ? motor.level : 0 })),
  patoo: together((first) => [first, 0]),
  'svakom-barney': atHigher,
  'svakom-v4': atHigher,
  'svakom-v5': atHigher,
  'svakom-v6': atHigher,
  youou: (told) => told.map((motor) => ({ ...motor, level: Math.min(motor.level, 247) })),
  // A motor that is off by itself runs at the lowest level.
  zalo: (told) =>
    told.some(({ level }) => level > 0) ? told.map((motor) => ({ ...motor, level: Math.max(motor.level, 1) })) : told,
};
const INSTEAD_OF_PLACE: Readonly<Record<string, (place: number) => number>> = {
  loob: (place) => Math.max(place, 1),
  'tcode-v03': (place) => Math.min(place, 999),
};
/** Steps that a device is coarser by; on and off are what they are. */
const COARSER: Readonly<Record<string, number>> = { 'mizzzee-v3': 1, 'nintendo-joycon': 22 };

function expectFollowed({ id }: ProtocolDefinition, { driver, toy }: SimulatedDevice): void {
  // A spray ends by itself.
  const told = outputsOf(driver)
    .filter(({ type }) => !isPositionType(type) && type !== 'Spray')
    .map(({ index, type }) => ({ index, type, level: driver.levels.get(index, type) }));
  const coarser = COARSER[id] ?? 0;
  for (const { index, type, level } of INSTEAD[id]?.(told) ?? told) {
    // Of a motor that turns both ways, -0 is 0.
    const motor = toy.level(index, type) || 0;
    const about = `${type} ${index} of ${driver.model.name}`;
    if (coarser === 0 || level === 0) expect(motor, about).toBe(level);
    else expect(motor > 0 && Math.abs(motor - level) <= coarser, `${about}: ${motor} for ${level}`).toBe(true);
  }
}

const runningOf = ({ driver, toy }: SimulatedDevice) =>
  outputsOf(driver)
    .filter(({ index, type }) => !isPositionType(type) && toy.level(index, type) !== 0)
    .map(({ index, type }) => `${index} ${type} ${toy.level(index, type)}`);

describe.each(table)('packets of %s', (_id, definition) => {
  it('are all taken by a device that takes only what is right, whatever is ordered, and stop everything', async () => {
    const { models } = definition;
    let played = 0;
    for await (const { first, open } of devices(definition)) {
      const property = fc.asyncProperty(ordersFor(outputsOf(first.driver)), async (orders) => {
        const device = await open();
        const { driver, toy } = device;
        for (const { output, value, durationMs } of orders) {
          const { index, type } = output;
          const packets = driver.drive(index, type, value, type === 'HwPositionWithDuration' ? durationMs : 0);
          const isMove = isPositionType(type);
          if (isMove || packets.length === 0) await driver.clock.advance(FOLLOWED_MS);
          if (isMove) {
            const place = INSTEAD_OF_PLACE[definition.id]?.(value) ?? value;
            // One that has not moved yet is at 0.
            expect(toy.target(index) ?? 0, `${type} of ${driver.model.name}`).toBe(place);
          }
          expectFollowed(definition, device);
        }
        driver.stop();
        expect(runningOf(device), driver.model.name).toEqual([]);
        await driver.clock.advance(FOLLOWED_MS);
        expect(runningOf(device), driver.model.name).toEqual([]);
        driver.close();
      });
      await fc.assert(property, { numRuns: Math.ceil(RUNS / models.length) });
      first.driver.close();
      played += 1;
    }
    // There is nothing to order of a protocol that has sensors only.
    const drives = models.some(({ features }) => features.some(({ outputs }) => Object.keys(outputs).length > 0));
    expect(played > 0).toBe(drives);
  });
});
