import fc from 'fast-check';
import { features, oscillate, position, rotateBothWays, timedPosition, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { type Booted, boot, type Message } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { level, move } from '../../support/messages.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';

/** What the settings file allows, as device steps. */
const ALLOWED: Readonly<Record<string, readonly [low: number, top: number]>> = {
  Vibrate: [3, 8],
  Rotate: [2, 9],
  Oscillate: [1, 4],
  Position: [20, 60],
  HwPositionWithDuration: [30, 70],
};
const SHORTEST_MS = 200;
const LONGEST_MS = 900;

/** A Limited with everything, and a Stroker, which Kiiroo clients drive by positions. */
function limitedFolder(): Promise<DataFolder> {
  const stroker = { range: ALLOWED.HwPositionWithDuration, duration: [SHORTEST_MS, LONGEST_MS], reversed: true };
  return DataFolder.withSettings(
    {
      address: 'simulated:limited-1',
      features: {
        0: { Vibrate: { range: ALLOWED.Vibrate } },
        1: { Rotate: { range: ALLOWED.Rotate, reversed: true } },
        2: { Oscillate: { range: ALLOWED.Oscillate } },
        3: { Position: { range: ALLOWED.Position, reversed: true } },
        4: { HwPositionWithDuration: { ...stroker, reversed: false } },
      },
    },
    { address: 'simulated:stroker-1', features: { 0: { HwPositionWithDuration: stroker } } },
  );
}

async function bootLimited({ config }: DataFolder): Promise<{ gateway: Booted; protocol: RecordingProtocol }> {
  const protocol = new RecordingProtocol({
    Limited: features(vibrate(20), rotateBothWays(20), oscillate(20), position(100), timedPosition(100, 10_000)),
    Stroker: features(timedPosition(100, 10_000)),
  });
  const devices = [{ model: 'Limited' }, { model: 'Stroker' }];
  return { gateway: await boot({ devices, plugins: [protocol.plugin], config }), protocol };
}

/** Orders (`4 HwPositionWithDuration 80 in 500`) that the settings forbid. */
function forbidden(orders: readonly string[]): string[] {
  return orders.filter((order) => {
    const [, type = '', value, , duration] = order.split(' ');
    const [low, top] = ALLOWED[type] ?? [0, 0];
    const isMove = type === 'HwPositionWithDuration';
    if (isMove && (Number(duration) < SHORTEST_MS || Number(duration) > LONGEST_MS)) return true;
    if (Number(value) === 0 && !isMove && type !== 'Position') return false;
    const steps = isMove || type === 'Position' ? Number(value) : Math.abs(Number(value));
    return !(steps >= low && steps <= top);
  });
}

const DeviceIndex = fc.constantFrom(0, 0, 0, 1);
const Index = fc.constantFrom(0, 0, 0, 1, 2, 3, 4);
const Speed = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: -0.1, max: 1.1, noNaN: true }));
const Duration = fc.integer({ min: 0, max: 20_000 });
const Clockwise = fc.boolean();
const Value = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -30, max: 130 }));
const named = (name: string, fields: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Message> =>
  fields.map((body) => ({ [name]: body }));

const launch = named(
  'FleshlightLaunchFW12Cmd',
  fc.record({ DeviceIndex, Position: fc.integer({ min: 0, max: 99 }), Speed: fc.integer({ min: 0, max: 99 }) }),
);
const kiiroo = named('KiirooCmd', fc.record({ DeviceIndex, Command: fc.constantFrom('0', '1', '2', '3', '4') }));
const vorze = named(
  'VorzeA10CycloneCmd',
  fc.record({ DeviceIndex, Speed: fc.integer({ min: 0, max: 100 }), Clockwise }),
);
const single = named('SingleMotorVibrateCmd', fc.record({ DeviceIndex, Speed }));
const several = <T>(entry: fc.Arbitrary<T>) => fc.array(entry, { minLength: 1, maxLength: 2 });
const vibrateCmd = named('VibrateCmd', fc.record({ DeviceIndex, Speeds: several(fc.record({ Index, Speed })) }));
const rotateCmd = named(
  'RotateCmd',
  fc.record({ DeviceIndex, Rotations: several(fc.record({ Index, Speed, Clockwise })) }),
);
const linearCmd = named(
  'LinearCmd',
  fc.record({ DeviceIndex, Vectors: several(fc.record({ Index, Position: Speed, Duration })) }),
);
/** Mostly what the Limited has, sometimes not. */
const output = fc.oneof(
  { weight: 4, arbitrary: fc.nat(3).map((index) => [index, Object.keys(ALLOWED)[index] ?? ''] as const) },
  { weight: 1, arbitrary: fc.tuple(Index, fc.constantFrom(...Object.keys(ALLOWED))) },
);
const scalar = fc.tuple(output, Speed).map(([[Index, ActuatorType], Scalar]) => ({ Index, ActuatorType, Scalar }));
const scalarCmd = named('ScalarCmd', fc.record({ DeviceIndex, Scalars: several(scalar) }));
const levelCmd = fc
  .tuple(DeviceIndex, output, Value)
  .map(([device, [feature, type], value]) => level(device, feature, type, value));
const moveCmd = fc
  .tuple(DeviceIndex, Value, Duration)
  .map(([device, value, duration]) => move(device, device === 0 ? 4 : 0, value, duration));

/** What a client of each version may say, good and bad. */
const sayings: Readonly<Record<0 | 1 | 2 | 3 | 4, readonly fc.Arbitrary<Message>[]>> = {
  0: [single, launch, kiiroo, vorze],
  1: [single, launch, kiiroo, vorze, vibrateCmd, rotateCmd, linearCmd],
  2: [vibrateCmd, rotateCmd, linearCmd],
  3: [vibrateCmd, rotateCmd, linearCmd, scalarCmd],
  4: [levelCmd, moveCmd, fc.constant({ StopCmd: {} })],
};

describe('limits of the settings file', () => {
  it.each([0, 1, 2, 3, 4] as const)(
    'no client of version %i gets past them, whatever it sends and whenever it is stopped',
    async (version) => {
      const step = fc.record({
        message: fc.oneof(...sayings[version]),
        wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 700 })),
        stops: fc.boolean(),
      });
      let accepted = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          await using folder = await limitedFolder();
          const { gateway, protocol } = await bootLimited(folder);
          await using _gateway = gateway;
          const client = await gateway.connect(version);
          const watcher = await gateway.connect(4);
          for (const { message, wait, stops } of steps) {
            await client.ask(message);
            await gateway.clock.advance(wait);
            if (stops) await watcher.ask({ StopCmd: {} });
          }
          client.cut();
          const orders = protocol.take();
          accepted += orders.length;
          expect(forbidden(orders)).toEqual([]);
        }),
        { numRuns: 15 },
      );
      // Not everything was refused.
      expect(accepted).toBeGreaterThan(10);
    },
  );

  it.each([
    {
      name: 'FleshlightLaunchFW12Cmd',
      message: { FleshlightLaunchFW12Cmd: { DeviceIndex: 1, Position: 99, Speed: 50 } },
    },
    { name: 'KiirooCmd', message: { KiirooCmd: { DeviceIndex: 1, Command: '4' } } },
    {
      name: 'LinearCmd',
      message: { LinearCmd: { DeviceIndex: 1, Vectors: [{ Index: 0, Position: 1, Duration: 5000 }] } },
    },
  ])('$name to the end of a reversed stroker ends at the lower limit', async ({ message }) => {
    await using folder = await limitedFolder();
    const { gateway, protocol } = await bootLimited(folder);
    await using _gateway = gateway;
    const client = await gateway.connect(1);
    expect(await client.ask(message)).toMatchObject({ Ok: {} });
    expect(protocol.take()).toEqual([expect.stringMatching(/^0 HwPositionWithDuration 30 in \d+$/)]);
  });

  it('a stroker that is stopped on its first way is held within the limits, wherever it came from', async () => {
    await using folder = await limitedFolder();
    const { gateway, protocol } = await bootLimited(folder);
    await using _gateway = gateway;
    const client = await gateway.connect(4);
    await client.ask(move(0, 4, 10, 900));
    await gateway.clock.advance(100);
    client.cut();
    expect(protocol.take()).toEqual(['4 HwPositionWithDuration 40 in 900', '4 HwPositionWithDuration 31 in 200']);
  });
});
