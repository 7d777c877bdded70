import { battery, features, at as numbered, rotateBothWays, timedPosition, vibrate } from 'pulsegate/plugin';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Booted, boot } from '../../support/boot.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { failure, ok } from './support.js';

/** Output commands of versions 0 to 2: which feature an index means, and which step a fraction (messages §6, §7.3). */

const motors = features(
  numbered(1, vibrate(20)),
  numbered(2, rotateBothWays(20)),
  numbered(3, vibrate(5)),
  numbered(5, timedPosition(100, 10_000)),
  numbered(7, rotateBothWays(3)),
  numbered(8, timedPosition(50, 500)),
  numbered(9, vibrate(100)),
);

let recording: RecordingProtocol;
let gateway: Booted;
beforeEach(async () => {
  recording = new RecordingProtocol({
    Motors: motors,
    Sensor: features(battery()),
    Stroker: features(timedPosition(100, 10_000)),
  });
  gateway = await boot({
    plugins: [recording.plugin],
    devices: [{ model: 'Motors' }, { model: 'Sensor' }, { model: 'Stroker' }],
  });
});
afterEach(() => gateway[Symbol.asyncDispose]());

const withMotors = (fields: object) => ({ Id: 5, DeviceIndex: 0, ...fields });
const vibrateCmd = (...speeds: readonly (readonly [index: number, speed: number])[]) => ({
  VibrateCmd: withMotors({ Speeds: speeds.map(([Index, Speed]) => ({ Index, Speed })) }),
});
const rotateCmd = (...rotations: readonly (readonly [index: number, speed: number, clockwise: boolean])[]) => ({
  RotateCmd: withMotors({ Rotations: rotations.map(([Index, Speed, Clockwise]) => ({ Index, Speed, Clockwise })) }),
});
const linearCmd = (...vectors: readonly (readonly [index: number, position: number, duration: number])[]) => ({
  LinearCmd: withMotors({ Vectors: vectors.map(([Index, Position, Duration]) => ({ Index, Duration, Position })) }),
});

describe.each([0, 1] as const)('v%i SingleMotorVibrateCmd', (version) => {
  it('drives every vibrating feature at the same share of its own steps', async () => {
    const client = await gateway.connect(version);
    expect(await client.ask({ SingleMotorVibrateCmd: withMotors({ Speed: 0.51 }) })).toEqual(ok(5));
    expect(recording.take()).toEqual(['1 Vibrate 11', '3 Vibrate 3', '9 Vibrate 51']);
    expect(await client.ask({ SingleMotorVibrateCmd: withMotors({ Speed: 0 }) })).toEqual(ok(5));
    expect(recording.take()).toEqual(['1 Vibrate 0', '3 Vibrate 0', '9 Vibrate 0']);
  });
});

describe.each([1, 2, 3] as const)('v%i VibrateCmd', (version) => {
  it('rounds up whatever is not 0 (messages §7.3)', async () => {
    const client = await gateway.connect(version);
    const fractions = [0.000001, 0.0000009, 0.05, 0, 0.0500001, 0.95, 0.9500001, 0.5];
    for (const fraction of fractions) expect(await client.ask(vibrateCmd([0, fraction]))).toEqual(ok(5));
    const levels = [1, 0, 1, 0, 2, 19, 20, 10];
    expect(recording.take()).toEqual(levels.map((level) => `1 Vibrate ${level}`));
    // Plain double arithmetic, without an epsilon: 100 × 0.07 is 7.000000000000001, 100 × 0.55 is 55.00000000000001.
    expect(await client.ask(vibrateCmd([2, 0.07]))).toEqual(ok(5));
    expect(await client.ask(vibrateCmd([2, 0.55]))).toEqual(ok(5));
    expect(recording.take()).toEqual(['9 Vibrate 8', '9 Vibrate 56']);
  });

  it('means the k-th vibrating feature and runs in feature order; the same index twice stays in order', async () => {
    const client = await gateway.connect(version);
    expect(await client.ask(vibrateCmd([2, 1], [0, 0.5], [1, 1], [0, 0.25]))).toEqual(ok(5));
    expect(recording.take()).toEqual(['1 Vibrate 10', '1 Vibrate 5', '3 Vibrate 5', '9 Vibrate 100']);
  });

  it.each([3, 4, 4_294_967_295])('refuses index %i of 3 as a whole, with code 4 (B21)', async (index) => {
    const client = await gateway.connect(version);
    expect(await client.ask(vibrateCmd([0, 1], [index, 1]))).toEqual(failure(4, 5));
    expect(recording.take()).toEqual([]);
  });
});

describe.each([1, 2, 3] as const)('v%i RotateCmd', (version) => {
  it('turns the k-th feature that turns both ways: clockwise above 0, the other way below', async () => {
    const client = await gateway.connect(version);
    expect(await client.ask(rotateCmd([1, 0.4, false], [0, 0.51, true]))).toEqual(ok(5));
    expect(recording.take()).toEqual(['2 Rotate 11', '7 Rotate -2']);
    expect(await client.ask(rotateCmd([0, 1, false], [1, 0, false]))).toEqual(ok(5));
    expect(recording.take()).toEqual(['2 Rotate -20', '7 Rotate 0']);
  });

  it('refuses an index beyond the last as a whole, with code 4', async () => {
    const client = await gateway.connect(version);
    expect(await client.ask(rotateCmd([0, 1, true], [2, 1, true]))).toEqual(failure(4, 5));
    expect(recording.take()).toEqual([]);
  });
});

describe.each([1, 2, 3] as const)('v%i LinearCmd', (version) => {
  it('cuts positions off to whole steps, and keeps within the durations of the device (messages §7.3, B18)', async () => {
    const client = await gateway.connect(version);
    const moves = [
      [0, 0.29, 300],
      [0, 1, 10_001],
      [0, 0.999, 0],
      [1, 0.99, 501],
      [0, 0, 250],
    ] as const;
    for (const move of moves) expect(await client.ask(linearCmd(move))).toEqual(ok(5));
    expect(recording.take()).toEqual([
      '5 HwPositionWithDuration 28 in 300',
      '5 HwPositionWithDuration 100 in 10000',
      '5 HwPositionWithDuration 99 in 0',
      '8 HwPositionWithDuration 49 in 500',
      '5 HwPositionWithDuration 0 in 250',
    ]);
  });

  it('moves each axis by its own feature and in feature order, also to where it already is (B13, B20)', async () => {
    const client = await gateway.connect(version);
    for (const _ of [1, 2]) expect(await client.ask(linearCmd([1, 1, 100], [0, 0.5, 200]))).toEqual(ok(5));
    const both = ['5 HwPositionWithDuration 50 in 200', '8 HwPositionWithDuration 50 in 100'];
    expect(recording.take()).toEqual([...both, ...both]);
  });

  it('with no vectors at all is fine and moves nothing', async () => {
    const client = await gateway.connect(version);
    expect(await client.ask(linearCmd())).toEqual(ok(5));
    expect(recording.take()).toEqual([]);
  });

  it('refuses an index beyond the last as a whole, with code 4', async () => {
    const client = await gateway.connect(version);
    expect(await client.ask(linearCmd([0, 1, 100], [2, 1, 100]))).toEqual(failure(4, 5));
    expect(recording.take()).toEqual([]);
  });
});

describe.each([0, 1] as const)('v%i device messages (B22)', (version) => {
  it('FleshlightLaunchFW12Cmd becomes a timed move: the farther and slower, the longer', async () => {
    const client = await gateway.connect(version);
    const launches = [
      [99, 50],
      [49, 50],
      [49, 50],
      [0, 20],
      [99, 99],
    ] as const;
    for (const [Position, Speed] of launches) {
      expect(await client.ask({ FleshlightLaunchFW12Cmd: withMotors({ Position, Speed }) })).toEqual(ok(5));
    }
    // (speed/25000)^−0.95 × distance/90, the distance in percent and from the whole step it was last sent to.
    expect(recording.take()).toEqual([
      '5 HwPositionWithDuration 100 in 407',
      '5 HwPositionWithDuration 49 in 206',
      '5 HwPositionWithDuration 49 in 2',
      '5 HwPositionWithDuration 0 in 476',
      '5 HwPositionWithDuration 100 in 213',
    ]);
  });

  it('FleshlightLaunchFW12Cmd starts where anybody last sent the stroker', async () => {
    const other = await gateway.connect(4);
    const Command = { HwPositionWithDuration: { Value: 50, Duration: 100 } };
    expect(await other.ask({ OutputCmd: withMotors({ FeatureIndex: 5, Command }) })).toEqual(ok(5));
    const client = await gateway.connect(version);
    expect(await client.ask({ FleshlightLaunchFW12Cmd: withMotors({ Position: 99, Speed: 50 }) })).toEqual(ok(5));
    expect(recording.take()).toEqual(['5 HwPositionWithDuration 50 in 100', '5 HwPositionWithDuration 100 in 204']);
  });

  it('FleshlightLaunchFW12Cmd with speed 0 is taken and ignored', async () => {
    const client = await gateway.connect(version);
    expect(await client.ask({ FleshlightLaunchFW12Cmd: withMotors({ Position: 99, Speed: 0 }) })).toEqual(ok(5));
    expect(recording.take()).toEqual([]);
  });

  it('VorzeA10CycloneCmd turns everything that turns both ways', async () => {
    const client = await gateway.connect(version);
    const cyclone = (Speed: number, Clockwise: boolean) => ({ VorzeA10CycloneCmd: withMotors({ Speed, Clockwise }) });
    expect(await client.ask(cyclone(51, true))).toEqual(ok(5));
    expect(await client.ask(cyclone(100, false))).toEqual(ok(5));
    expect(recording.take()).toEqual(['2 Rotate 11', '7 Rotate 2', '2 Rotate -20', '7 Rotate -3']);
  });

  it('KiirooCmd sets levels 0 to 4 on what vibrates', async () => {
    const client = await gateway.connect(version);
    for (const Command of ['1', '4', '0']) {
      expect(await client.ask({ KiirooCmd: withMotors({ Command }) })).toEqual(ok(5));
    }
    expect(recording.take()).toEqual([
      '1 Vibrate 5',
      '3 Vibrate 2',
      '9 Vibrate 25',
      '1 Vibrate 20',
      '3 Vibrate 5',
      '9 Vibrate 100',
      '1 Vibrate 0',
      '3 Vibrate 0',
      '9 Vibrate 0',
    ]);
  });
});

it.each([0, 1] as const)('v%i KiirooCmd moves what does not vibrate', async (version) => {
  const client = await gateway.connect(version);
  expect(await client.ask({ KiirooCmd: { Id: 5, DeviceIndex: 2, Command: '3' } })).toEqual(ok(5));
  expect(recording.take()).toEqual([expect.stringMatching(/^0 HwPositionWithDuration 75 in [1-9]\d+$/)]);
});

const orders: Readonly<Record<string, object>> = {
  SingleMotorVibrateCmd: { Speed: 0.5 },
  VibrateCmd: { Speeds: [{ Index: 0, Speed: 0.5 }] },
  RotateCmd: { Rotations: [{ Index: 0, Speed: 0.5, Clockwise: true }] },
  LinearCmd: { Vectors: [{ Index: 0, Duration: 500, Position: 0.5 }] },
  FleshlightLaunchFW12Cmd: { Position: 50, Speed: 50 },
  VorzeA10CycloneCmd: { Speed: 50, Clockwise: true },
  KiirooCmd: { Command: '2' },
};

it.each(Object.entries(orders))(
  'v1 %s to a device without such a feature, or to none: code 4',
  async (name, fields) => {
    const client = await gateway.connect(1);
    expect(await client.ask({ [name]: { Id: 5, DeviceIndex: 1, ...fields } })).toEqual(failure(4, 5, /Sensor/));
    expect(await client.ask({ [name]: { Id: 5, DeviceIndex: 9, ...fields } })).toEqual(failure(4, 5, /index 9/));
    expect(recording.take()).toEqual([]);
  },
);

it('v1 FleshlightLaunchFW12Cmd of speed 0 to a device that does not exist is still refused', async () => {
  const client = await gateway.connect(1);
  const launch = { FleshlightLaunchFW12Cmd: { Id: 5, DeviceIndex: 9, Position: 50, Speed: 0 } };
  expect(await client.ask(launch)).toEqual(failure(4, 5));
});
