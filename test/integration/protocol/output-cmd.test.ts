import {
  battery,
  combined,
  constrict,
  type FeatureDefinition,
  features,
  led,
  at as numbered,
  oscillate,
  position,
  rotate,
  rotateBothWays,
  spray,
  timedPosition,
  vibrate,
} from 'pulsegate/plugin';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Booted, TestLine } from '../../support/boot.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { bootWithSettings, exchange, failure, ok } from './support.js';

/** v4 OutputCmd: ranges, limits and the way to device steps (messages §4.2, §7.2). */

const temperature: FeatureDefinition = {
  index: 4,
  description: '',
  outputs: { Temperature: { value: [-10, 10] } },
  inputs: {},
};

const toy: readonly FeatureDefinition[] = [
  ...features(
    numbered(0, vibrate(20)),
    numbered(1, rotateBothWays(20)),
    numbered(2, oscillate(20)),
    numbered(3, constrict(5)),
  ),
  temperature,
  ...features(
    numbered(5, led(100)),
    numbered(6, spray(1)),
    numbered(7, position(100)),
    numbered(8, timedPosition(100, 10_000)),
    numbered(9, battery()),
    numbered(10, rotate(8)),
    // The same again, each with a limit of its owner's.
    numbered(20, vibrate(20)),
    numbered(21, rotateBothWays(20)),
    numbered(22, combined(timedPosition(100, 10_000), position(100))),
    numbered(23, combined(timedPosition(100, 10_000), position(100))),
    numbered(24, vibrate(20)),
    numbered(25, vibrate(20)),
  ),
];

const limits = {
  20: { Vibrate: { range: [5, 15] } },
  21: { Rotate: { range: [5, 15] } },
  22: { Position: { range: [20, 80] }, HwPositionWithDuration: { range: [20, 80], duration: [500, 2000] } },
  23: {
    Position: { range: [20, 80], reversed: true },
    HwPositionWithDuration: { range: [20, 80], reversed: true },
  },
  24: { Vibrate: { disabled: true } },
  25: { Vibrate: { range: [7, 7] } },
};

let recording: RecordingProtocol;
let gateway: Booted;
let client: TestLine;
beforeAll(async () => {
  recording = new RecordingProtocol({ Toy: toy });
  gateway = await bootWithSettings([{ address: 'simulated:toy-1', features: limits }], {
    plugins: [recording.plugin],
    devices: [{ model: 'Toy' }],
  });
  client = await gateway.connect(4);
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => void recording.take());

type Command = Readonly<Record<string, Readonly<Record<string, number>>>>;
const outputCmd = (FeatureIndex: number, Command: Command, DeviceIndex = 0) => ({
  OutputCmd: { Id: 5, DeviceIndex, FeatureIndex, Command },
});

describe('OutputCmd within its range', () => {
  it.each<[number, Command, string]>([
    [0, { Vibrate: { Value: 20 } }, '0 Vibrate 20'],
    [1, { Rotate: { Value: 20 } }, '1 Rotate 20'],
    [1, { Rotate: { Value: -20 } }, '1 Rotate -20'],
    [2, { Oscillate: { Value: 1 } }, '2 Oscillate 1'],
    [3, { Constrict: { Value: 5 } }, '3 Constrict 5'],
    [4, { Temperature: { Value: -10 } }, '4 Temperature -10'],
    [5, { Led: { Value: 100 } }, '5 Led 100'],
    [6, { Spray: { Value: 1 } }, '6 Spray 1'],
    [7, { Position: { Value: 0 } }, '7 Position 0'],
    [8, { HwPositionWithDuration: { Value: 100, Duration: 0 } }, '8 HwPositionWithDuration 100 in 0'],
    [10, { Rotate: { Value: 8 } }, '10 Rotate 8'],
  ])('feature %i %j', async (feature, command, order) => {
    expect(await client.ask(outputCmd(feature, command))).toEqual(ok(5));
    expect(recording.take()).toEqual([order]);
  });

  it.each<[string, number, Command, string]>([
    ['offset by the lower end', 20, { Vibrate: { Value: 1 } }, '20 Vibrate 6'],
    ['up to the upper end', 20, { Vibrate: { Value: 10 } }, '20 Vibrate 15'],
    ['0 stays off', 20, { Vibrate: { Value: 0 } }, '20 Vibrate 0'],
    ['away from 0 both ways', 21, { Rotate: { Value: -10 } }, '21 Rotate -15'],
    ['away from 0 both ways', 21, { Rotate: { Value: 1 } }, '21 Rotate 6'],
    ['0 of a position is the lower end', 22, { Position: { Value: 0 } }, '22 Position 20'],
    ['upper end of a position', 22, { Position: { Value: 60 } }, '22 Position 80'],
    ['0 reversed is the upper end', 23, { Position: { Value: 0 } }, '23 Position 80'],
    ['reversed', 23, { Position: { Value: 60 } }, '23 Position 20'],
    [
      '0 of a timed move is the lower end, in the shortest time (B18)',
      22,
      { HwPositionWithDuration: { Value: 0, Duration: 100 } },
      '22 HwPositionWithDuration 20 in 500',
    ],
    [
      'longest time (B18)',
      22,
      { HwPositionWithDuration: { Value: 60, Duration: 4_294_967_295 } },
      '22 HwPositionWithDuration 80 in 2000',
    ],
    [
      '0 of a timed move reversed (B18)',
      23,
      { HwPositionWithDuration: { Value: 0, Duration: 100 } },
      '23 HwPositionWithDuration 80 in 100',
    ],
    ['a single step is off', 25, { Vibrate: { Value: 0 } }, '25 Vibrate 0'],
  ])('user limits (messages §7.2): %s', async (_what, feature, command, order) => {
    expect(await client.ask(outputCmd(feature, command))).toEqual(ok(5));
    expect(recording.take()).toEqual([order]);
  });

  it('takes the output named of a feature that has two', async () => {
    expect(await client.ask(outputCmd(22, { Position: { Value: 30 } }))).toEqual(ok(5));
    expect(await client.ask(outputCmd(22, { HwPositionWithDuration: { Value: 30, Duration: 700 } }))).toEqual(ok(5));
    expect(recording.take()).toEqual(['22 Position 50', '22 HwPositionWithDuration 50 in 700']);
  });
});

describe('OutputCmd that is refused with code 4 (messages §7.2, §8)', () => {
  it.each<[string, number, Command]>([
    ['above the range', 0, { Vibrate: { Value: 21 } }],
    ['far above the range', 0, { Vibrate: { Value: 2_147_483_647 } }],
    ['below 0', 0, { Vibrate: { Value: -1 } }],
    ['beyond the negative end', 1, { Rotate: { Value: -21 } }],
    ['negative on a one-way Rotate (B19)', 10, { Rotate: { Value: -1 } }],
    ['beyond the negative end of Temperature', 4, { Temperature: { Value: -11 } }],
    ['negative Position', 7, { Position: { Value: -1 } }],
    ['Position above', 7, { Position: { Value: 101 } }],
    ['timed move above', 8, { HwPositionWithDuration: { Value: 101, Duration: 100 } }],
    ['above the user’s range', 20, { Vibrate: { Value: 11 } }],
    ['any level above a single step', 25, { Vibrate: { Value: 1 } }],
    ['disabled', 24, { Vibrate: { Value: 1 } }],
    ['disabled, even level 0', 24, { Vibrate: { Value: 0 } }],
    ['type the feature lacks', 0, { Rotate: { Value: 1 } }],
    ['feature without outputs', 9, { Vibrate: { Value: 1 } }],
    ['feature index in a gap', 11, { Vibrate: { Value: 1 } }],
    ['feature index beyond all', 4_294_967_295, { Vibrate: { Value: 1 } }],
  ])('%s', async (_what, feature, command) => {
    expect(await client.ask(outputCmd(feature, command))).toEqual(failure(4, 5));
    expect(recording.take()).toEqual([]);
  });

  it('device that does not exist', async () => {
    expect(await client.ask(outputCmd(0, { Vibrate: { Value: 1 } }, 1))).toEqual(failure(4, 5, /index 1\b/));
  });
});

describe('OutputCmd.Command (messages §4.2, §8)', () => {
  it('ignores further fields beside Value', async () => {
    const command = '{"Vibrate":{"Value":3,"Duration":5,"__proto__":{"Value":9},"toString":null}}';
    const text = `[{"OutputCmd":{"Id":5,"DeviceIndex":0,"FeatureIndex":0,"Command":${command}}}]`;
    expect(await exchange(gateway, client, text)).toEqual([ok(5)]);
    expect(recording.take()).toEqual(['0 Vibrate 3']);
  });

  it.each([
    '{}',
    'null',
    '[]',
    '"Vibrate"',
    '{"Vibrate":{"Value":1},"Rotate":{"Value":1}}',
    '{"vibrate":{"Value":1}}',
    '{"Unknown":{"Value":1}}',
    '{"RotateWithDirection":{"Value":1,"Clockwise":true}}',
    '{"constructor":{"Value":1}}',
    '{"__proto__":{"Vibrate":{"Value":1}}}',
    '{"Vibrate":null}',
    '{"Vibrate":5}',
    '{"Vibrate":{}}',
    '{"Vibrate":{"value":1}}',
    '{"Vibrate":{"Value":"1"}}',
    '{"Vibrate":{"Value":null}}',
    '{"Vibrate":{"Value":0.5}}',
    '{"Vibrate":{"Value":1e999}}',
    '{"Vibrate":{"Value":2147483648}}',
    '{"Vibrate":{"Value":-2147483649}}',
    '{"HwPositionWithDuration":{"Value":1}}',
    '{"HwPositionWithDuration":{"Duration":1}}',
    '{"HwPositionWithDuration":{"Value":-1,"Duration":1}}',
    '{"HwPositionWithDuration":{"Value":1,"Duration":-1}}',
    '{"HwPositionWithDuration":{"Value":1,"Duration":4294967296}}',
    '{"HwPositionWithDuration":{"Value":1.5,"Duration":1}}',
  ])('%s is malformed: code 3', async (command) => {
    const text = `[{"OutputCmd":{"Id":5,"DeviceIndex":0,"FeatureIndex":0,"Command":${command}}}]`;
    expect(await exchange(gateway, client, text)).toEqual([failure(3, 5)]);
    expect(recording.take()).toEqual([]);
    expect(await client.ask(outputCmd(0, { Vibrate: { Value: 1 } }))).toEqual(ok(5));
  });
});
