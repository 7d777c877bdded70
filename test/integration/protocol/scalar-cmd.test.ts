import {
  battery,
  combined,
  constrict,
  features,
  at as numbered,
  oscillate,
  position,
  rotateBothWays,
  timedPosition,
  vibrate,
} from 'pulsegate/plugin';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Booted, boot, type TestLine } from '../../support/boot.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { failure, ok } from './support.js';

/** v3 ScalarCmd: an entry of the list names a feature, ActuatorType what to do with it (messages §6, §7.3). */

const toy = features(
  numbered(2, vibrate(20)),
  numbered(3, combined(vibrate(10), oscillate(8))),
  numbered(5, rotateBothWays(6)),
  numbered(6, combined(timedPosition(100, 1000), position(100))),
  numbered(9, constrict(3)),
);
/** The entries as messages §5 orders them. */
const [VIBRATE, OSCILLATE, VIBRATE_TOO, ROTATE, POSITION, CONSTRICT] = [0, 1, 2, 3, 4, 5];

let recording: RecordingProtocol;
let gateway: Booted;
let client: TestLine;
beforeEach(async () => {
  recording = new RecordingProtocol({ Toy: toy, Sensor: features(battery()) });
  gateway = await boot({ plugins: [recording.plugin], devices: [{ model: 'Toy' }, { model: 'Sensor' }] });
  client = await gateway.connect(3);
});
afterEach(() => gateway[Symbol.asyncDispose]());

type Scalar = readonly [index: number, scalar: number, type: string];
const scalarCmd = (...scalars: readonly Scalar[]) => ({
  ScalarCmd: {
    Id: 5,
    DeviceIndex: 0,
    Scalars: scalars.map(([Index, Scalar, ActuatorType]) => ({ Index, Scalar, ActuatorType })),
  },
});

it('drives each entry by its own type', async () => {
  const scalars: readonly Scalar[] = [
    [VIBRATE, 0.51, 'Vibrate'],
    [OSCILLATE, 0.51, 'Oscillate'],
    [VIBRATE_TOO, 0.51, 'Vibrate'],
    [ROTATE, 0.51, 'Rotate'],
    [POSITION, 0.515, 'Position'],
    [CONSTRICT, 0.51, 'Constrict'],
  ];
  const orders = ['2 Vibrate 11', '3 Oscillate 5', '3 Vibrate 6', '5 Rotate 4', '6 Position 52', '9 Constrict 2'];
  for (const scalar of scalars) expect(await client.ask(scalarCmd(scalar))).toEqual(ok(5));
  expect(recording.take()).toEqual(orders);
});

it('runs several entries in feature order, whatever order they were written in', async () => {
  const scalars: readonly Scalar[] = [
    [CONSTRICT, 1, 'Constrict'],
    [VIBRATE_TOO, 1, 'Vibrate'],
    [VIBRATE, 1, 'Vibrate'],
    [OSCILLATE, 1, 'Oscillate'],
  ];
  expect(await client.ask(scalarCmd(...scalars))).toEqual(ok(5));
  expect(recording.take()).toEqual(['2 Vibrate 20', '3 Vibrate 10', '3 Oscillate 8', '9 Constrict 3']);
});

it('takes the type from ActuatorType where the feature has several', async () => {
  expect(await client.ask(scalarCmd([OSCILLATE, 1, 'Vibrate']))).toEqual(ok(5));
  expect(recording.take()).toEqual(['3 Vibrate 10']);
});

it('takes lower-case type names (messages §4.1)', async () => {
  expect(await client.ask(scalarCmd([VIBRATE, 1, 'vibrate'], [POSITION, 0, 'position']))).toEqual(ok(5));
  expect(recording.take()).toEqual(['2 Vibrate 20', '6 Position 0']);
});

it('is off only below 0.000001, except that a position moves for less (messages §7.3)', async () => {
  const steps: readonly [...Scalar, order: string][] = [
    [VIBRATE, 0.000001, 'Vibrate', '2 Vibrate 1'],
    [VIBRATE, 0.0000009, 'Vibrate', '2 Vibrate 0'],
    [POSITION, 0.0000009, 'Position', '6 Position 1'],
    [POSITION, 0, 'Position', '6 Position 0'],
    [POSITION, 0, 'Position', '6 Position 0'],
  ];
  for (const [index, scalar, type] of steps) expect(await client.ask(scalarCmd([index, scalar, type]))).toEqual(ok(5));
  expect(recording.take()).toEqual(steps.map(([, , , order]) => order));
});

it.each<[string, Scalar]>([
  ['index beyond the last', [6, 0.5, 'Vibrate']],
  ['index beyond everything', [4_294_967_295, 0.5, 'Vibrate']],
  ['type the feature lacks', [VIBRATE, 0.5, 'Oscillate']],
  ['type Unknown, which parses and then fails (messages §4.1)', [VIBRATE, 0.5, 'Unknown']],
  ['type HwPositionWithDuration on a feature that has it (B21)', [POSITION, 0.5, 'HwPositionWithDuration']],
  ['value above 1', [VIBRATE, 1.01, 'Vibrate']],
  ['value far above 1', [VIBRATE, 1e308, 'Vibrate']],
  ['value below 0', [VIBRATE, -0.01, 'Vibrate']],
])('refuses the whole message for one bad entry, with code 4: %s', async (_what, bad) => {
  expect(await client.ask(scalarCmd([CONSTRICT, 1, 'Constrict'], bad, [OSCILLATE, 1, 'Oscillate']))).toEqual(
    failure(4, 5),
  );
  expect(recording.take()).toEqual([]);
});

it.each(['Inflate', 'VIBRATE', '', 'constructor', '__proto__', 'x'.repeat(5000)])(
  'refuses the unknown type %j with code 3 (messages §8)',
  async (type) => {
    expect(await client.ask(scalarCmd([VIBRATE, 0.5, type]))).toEqual(failure(3, 5, /^.{10,200}$/));
    expect(recording.take()).toEqual([]);
  },
);

it('to a device that does not exist, or has nothing to drive, is refused with code 4', async () => {
  const Scalars = [{ Index: 0, Scalar: 0.5, ActuatorType: 'Vibrate' }];
  expect(await client.ask({ ScalarCmd: { Id: 5, DeviceIndex: 9, Scalars } })).toEqual(failure(4, 5, /index 9/));
  expect(await client.ask({ ScalarCmd: { Id: 5, DeviceIndex: 1, Scalars } })).toEqual(failure(4, 5, /Sensor/));
});
