import {
  at,
  combined,
  constrict,
  type FeatureDefinition,
  features,
  led,
  oscillate,
  position,
  rotate,
  rotateBothWays,
  spray,
  temperature,
  timedPosition,
  vibrate,
} from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { type Booted, boot, type Message } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { level, move } from '../../support/messages.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';

/** A gateway with one device of these features, and the limits of its owner. */
class Bench implements AsyncDisposable {
  private constructor(
    readonly gateway: Booted,
    readonly protocol: RecordingProtocol,
    private readonly folder: DataFolder,
  ) {}

  static async open(device: readonly FeatureDefinition[], limits?: object): Promise<Bench> {
    const folder = await DataFolder.withSettings(
      ...(limits ? [{ address: 'simulated:device-1', features: limits }] : []),
    );
    const protocol = new RecordingProtocol({ Device: device });
    const gateway = await boot({
      devices: [{ model: 'Device' }],
      plugins: [protocol.plugin],
      config: folder.config,
    });
    return new Bench(gateway, protocol, folder);
  }

  /** What the device was told after a client of this version sent this message, and what the client heard. */
  async send(version: 0 | 1 | 2 | 3 | 4, message: Message) {
    const client = await this.gateway.connect(version);
    this.protocol.take();
    const reply = await client.ask(message);
    return { reply, orders: this.protocol.take() };
  }

  /** How a client of this version is shown the device, in JSON. */
  async shown(version: 0 | 1 | 2 | 3 | 4): Promise<string> {
    const client = await this.gateway.connect(version);
    return JSON.stringify(client.take());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await this.folder[Symbol.asyncDispose]();
  }
}

const REFUSED = { Error: { ErrorCode: 4 } };
const ACCEPTED = { Ok: {} };

describe('B18: position 0', () => {
  it.each([
    { limit: { range: [20, 80] }, value: 0, device: 20 },
    { limit: { range: [20, 80] }, value: 60, device: 80 },
    { limit: { range: [20, 80], reversed: true }, value: 0, device: 80 },
    { limit: { range: [20, 80], reversed: true }, value: 60, device: 20 },
    { limit: { reversed: true }, value: 0, device: 100 },
  ])('B18: $value within $limit is $device on the device, timed or not', async ({ limit, value, device }) => {
    const both = features(combined(timedPosition(100, 10_000), position(100)));
    await using bench = await Bench.open(both, { 0: { HwPositionWithDuration: limit, Position: limit } });
    expect(await bench.send(4, move(0, 0, value, 500))).toMatchObject({
      reply: ACCEPTED,
      orders: [`0 HwPositionWithDuration ${device} in 500`],
    });
    expect((await bench.send(4, level(0, 0, 'Position', value))).orders).toEqual([`0 Position ${device}`]);
  });

  it('B18: a duration is clamped to the range', async () => {
    await using bench = await Bench.open(features(timedPosition(100, 2000)), {
      0: { HwPositionWithDuration: { duration: [300, 1500] } },
    });
    expect((await bench.send(4, move(0, 0, 10, 1))).orders).toEqual(['0 HwPositionWithDuration 10 in 300']);
    expect((await bench.send(4, move(0, 0, 20, 60_000))).orders).toEqual(['0 HwPositionWithDuration 20 in 1500']);
  });
});

describe('B19: negative values on outputs that only go one way', () => {
  it.each([
    { type: 'Vibrate', part: vibrate(20) },
    { type: 'Rotate', part: rotate(20) },
    { type: 'Oscillate', part: oscillate(20) },
    { type: 'Constrict', part: constrict(20) },
    { type: 'Temperature', part: temperature(20) },
    { type: 'Led', part: led(20) },
    { type: 'Spray', part: spray(20) },
    { type: 'Position', part: position(20) },
  ])('B19: $type refuses -1 and 21 with code 4, and takes 20', async ({ type, part }) => {
    await using bench = await Bench.open(features(part));
    for (const value of [-1, 21]) {
      expect(await bench.send(4, level(0, 0, type, value))).toMatchObject({ reply: REFUSED, orders: [] });
    }
    expect(await bench.send(4, level(0, 0, type, 20))).toMatchObject({ reply: ACCEPTED, orders: [`0 ${type} 20`] });
  });

  it('B19: an output that goes both ways takes -20 and refuses -21', async () => {
    await using bench = await Bench.open(features(rotateBothWays(20)));
    expect((await bench.send(4, level(0, 0, 'Rotate', -20))).orders).toEqual(['0 Rotate -20']);
    expect(await bench.send(4, level(0, 0, 'Rotate', -21))).toMatchObject({ reply: REFUSED, orders: [] });
  });
});

describe('B20: LinearCmd on a device with several axes', () => {
  const axes = features(
    at(2, timedPosition(100, 9000)),
    at(5, timedPosition(50, 9000)),
    at(9, timedPosition(10, 9000)),
  );

  it('B20: every vector moves its own axis, in ascending order of the features', async () => {
    await using bench = await Bench.open(axes);
    const Vectors = [
      { Index: 2, Duration: 300, Position: 1 },
      { Index: 0, Duration: 100, Position: 0.25 },
      { Index: 1, Duration: 200, Position: 0.5 },
    ];
    expect(await bench.send(3, { LinearCmd: { DeviceIndex: 0, Vectors } })).toMatchObject({
      reply: ACCEPTED,
      orders: [
        '2 HwPositionWithDuration 25 in 100',
        '5 HwPositionWithDuration 25 in 200',
        '9 HwPositionWithDuration 10 in 300',
      ],
    });
  });

  it('B20: a vector for an axis that does not exist refuses the whole message', async () => {
    await using bench = await Bench.open(axes);
    const Vectors = [
      { Index: 0, Duration: 100, Position: 1 },
      { Index: 3, Duration: 100, Position: 1 },
    ];
    expect(await bench.send(2, { LinearCmd: { DeviceIndex: 0, Vectors } })).toMatchObject({
      reply: REFUSED,
      orders: [],
    });
  });
});

describe('B21: indexes and types at the edge', () => {
  it.each([1, 2, 3] as const)('B21: VibrateCmd with index = count is refused in version %i', async (version) => {
    await using bench = await Bench.open(features(vibrate(20), vibrate(20)));
    const VibrateCmd = { DeviceIndex: 0, Speeds: [{ Index: 2, Speed: 1 }] };
    expect(await bench.send(version, { VibrateCmd })).toMatchObject({ reply: REFUSED, orders: [] });
  });

  it('B21: ScalarCmd with type HwPositionWithDuration is refused, on a feature that has it too', async () => {
    await using bench = await Bench.open(features(combined(timedPosition(100, 9000), position(100))));
    const Scalars = [{ Index: 0, Scalar: 0.5, ActuatorType: 'HwPositionWithDuration' }];
    expect(await bench.send(3, { ScalarCmd: { DeviceIndex: 0, Scalars } })).toMatchObject({
      reply: REFUSED,
      orders: [],
    });
  });
});

describe('B22: the messages of the Launch and of the Vorze', () => {
  it.each([0, 1] as const)('B22: are listed for version %i where the device can do them', async (version) => {
    await using both = await Bench.open(features(timedPosition(100, 9000), rotateBothWays(100)));
    expect(await both.shown(version)).toContain('FleshlightLaunchFW12Cmd');
    expect(await both.shown(version)).toContain('VorzeA10CycloneCmd');
    await using neither = await Bench.open(features(vibrate(20), rotate(20), position(20)));
    expect(await neither.shown(version)).not.toMatch(/FleshlightLaunchFW12Cmd|VorzeA10CycloneCmd/);
  });

  it('B22: Launch takes as long as the distance from the last position and the speed make it', async () => {
    // A TCode stroker has positions and timed moves in one feature.
    await using bench = await Bench.open(features(combined(timedPosition(100, 20_000), position(100))));
    const launch = (Position: number, Speed: number) =>
      bench.send(0, { FleshlightLaunchFW12Cmd: { DeviceIndex: 0, Position, Speed } });
    const time = (speed: number, percent: number) => Math.round((speed / 25_000) ** -0.95 * (percent / 90));
    expect((await launch(99, 20)).orders).toEqual([`0 HwPositionWithDuration 100 in ${time(20, 100)}`]);
    await bench.gateway.clock.advance(2000);
    expect((await launch(33, 99)).orders).toEqual([`0 HwPositionWithDuration 33 in ${time(99, 200 / 3)}`]);
  });

  it('B22: Launch at speed 0 is Ok and moves nothing', async () => {
    await using bench = await Bench.open(features(timedPosition(100, 9000)));
    const FleshlightLaunchFW12Cmd = { DeviceIndex: 0, Position: 50, Speed: 0 };
    expect(await bench.send(1, { FleshlightLaunchFW12Cmd })).toMatchObject({ reply: ACCEPTED, orders: [] });
  });

  it('B22: Vorze is speed/100 of everything that turns both ways', async () => {
    await using bench = await Bench.open(features(rotateBothWays(100), rotateBothWays(20)));
    const vorze = (Speed: number, Clockwise: boolean) =>
      bench.send(1, { VorzeA10CycloneCmd: { DeviceIndex: 0, Speed, Clockwise } });
    expect((await vorze(50, true)).orders).toEqual(['0 Rotate 50', '1 Rotate 10']);
    expect((await vorze(100, false)).orders).toEqual(['0 Rotate -100', '1 Rotate -20']);
  });
});

describe('B23: indexes count what is announced', () => {
  it.each([1, 2, 3] as const)('B23: in version %i a disabled output is neither shown nor counted', async (version) => {
    await using bench = await Bench.open(features(vibrate(20), vibrate(10), vibrate(5)), {
      0: { Vibrate: { disabled: true } },
    });
    const speed = (Index: number) =>
      bench.send(version, { VibrateCmd: { DeviceIndex: 0, Speeds: [{ Index, Speed: 1 }] } });
    expect((await speed(0)).orders).toEqual(['1 Vibrate 10']);
    expect((await speed(1)).orders).toEqual(['2 Vibrate 5']);
    expect(await speed(2)).toMatchObject({ reply: REFUSED, orders: [] });
  });

  it('B23: ScalarCmd entries of one feature have the order in which they are announced', async () => {
    await using bench = await Bench.open(features(combined(vibrate(20), oscillate(10), constrict(5))));
    const shown = JSON.parse(await bench.shown(3))[0].DeviceAdded.DeviceMessages.ScalarCmd;
    for (const [Index, { ActuatorType, StepCount }] of shown.entries()) {
      const Scalars = [{ Index, Scalar: 1, ActuatorType }];
      const { orders } = await bench.send(3, { ScalarCmd: { DeviceIndex: 0, Scalars } });
      expect(orders).toEqual([`0 ${ActuatorType} ${StepCount}`]);
    }
    expect(shown).toHaveLength(3);
  });
});

describe('B24: actuator types a v3 client does not know', () => {
  const device = features(led(100), temperature(10), vibrate(20), spray(1), constrict(3));

  it('B24: are left out of what it is shown', async () => {
    await using bench = await Bench.open(device);
    const shown = await bench.shown(3);
    expect(shown).not.toMatch(/Led|Temperature|Spray/);
    expect(shown).toMatch(/Vibrate.*Constrict/);
  });

  it('B24: and are not counted when its commands are resolved', async () => {
    await using bench = await Bench.open(device);
    const Scalars = [
      { Index: 0, Scalar: 1, ActuatorType: 'Vibrate' },
      { Index: 1, Scalar: 1, ActuatorType: 'Constrict' },
    ];
    const { orders } = await bench.send(3, { ScalarCmd: { DeviceIndex: 0, Scalars } });
    expect(orders).toEqual(['2 Vibrate 20', '4 Constrict 3']);
  });
});

describe('B27: an output whose user range leaves no step', () => {
  const limits = { 0: { Vibrate: { range: [5, 5] } }, 2: { HwPositionWithDuration: { range: [7, 7] } } };
  const device: readonly FeatureDefinition[] = features(vibrate(20), vibrate(10), timedPosition(100, 9000));

  it.each([
    { version: 1 as const, rest: /"VibrateCmd":\{"FeatureCount":1\}/ },
    { version: 2 as const, rest: /"VibrateCmd":\{"FeatureCount":1,"StepCount":\[10\]\}/ },
    { version: 3 as const, rest: /"ActuatorType":"Vibrate","StepCount":10/ },
  ])('B27: is hidden from version $version, and the rest is shown', async ({ version, rest }) => {
    await using bench = await Bench.open(device, limits);
    const shown = await bench.shown(version);
    expect(shown).toMatch(rest);
    expect(shown).not.toMatch(/LinearCmd|"StepCount":0|\[0/);
    const { orders } = await bench.send(version, { VibrateCmd: { DeviceIndex: 0, Speeds: [{ Index: 0, Speed: 1 }] } });
    expect(orders).toEqual(['1 Vibrate 10']);
  });

  it('B27: has the range 0 to 0 for version 4', async () => {
    await using bench = await Bench.open(device, limits);
    expect(await bench.shown(4)).toContain('"Output":{"Vibrate":{"Value":[0,0]}}');
  });
});
