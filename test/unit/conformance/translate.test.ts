import { describe, expect, it } from 'vitest';
import type { SpecVersion } from '../../../core/protocol/model.js';
import { readAnnounced } from '../../conformance/announced.js';
import type { ClientCommand } from '../../conformance/case.js';
import { ClientRefusal, translate } from '../../conformance/translate.js';

/** The worked example of the facts (messages, §5) as each version announces it: Vibrate, Rotate, Linear, Constrict, Battery. */
const EXAMPLE: Readonly<Record<SpecVersion, object>> = {
  0: { DeviceMessages: ['SingleMotorVibrateCmd', 'StopDeviceCmd'] },
  1: {
    DeviceMessages: { VibrateCmd: { FeatureCount: 1 }, RotateCmd: { FeatureCount: 1 }, LinearCmd: { FeatureCount: 1 } },
  },
  2: {
    DeviceMessages: {
      VibrateCmd: { FeatureCount: 1, StepCount: [20] },
      RotateCmd: { FeatureCount: 1, StepCount: [20] },
      LinearCmd: { FeatureCount: 1, StepCount: [100] },
      BatteryLevelCmd: {},
    },
  },
  3: {
    DeviceMessages: {
      ScalarCmd: ['Vibrate', 'Rotate', 'Position', 'Constrict', 'Vibrate'].map((ActuatorType) => ({ ActuatorType })),
      RotateCmd: [{ ActuatorType: 'Rotate' }],
      LinearCmd: [{ ActuatorType: 'Position' }],
      SensorReadCmd: [{ SensorType: 'RSSI' }, { SensorType: 'Battery' }],
    },
  },
  4: {
    DeviceFeatures: {
      0: { FeatureIndex: 0, Output: { Vibrate: { Value: [0, 20] } } },
      1: { FeatureIndex: 1, Output: { Rotate: { Value: [-20, 20] } } },
      4: {
        FeatureIndex: 4,
        Output: { HwPositionWithDuration: { Value: [0, 100], Duration: [0, 10000] }, Position: { Value: [0, 100] } },
      },
      5: { FeatureIndex: 5, Output: { Constrict: { Value: [0, 3] } } },
      6: { FeatureIndex: 6, Output: { Rotate: { Value: [0, 10] } } },
      7: { FeatureIndex: 7, Input: { Battery: { Value: [[0, 100]], Command: ['Read'] } } },
    },
  },
};

const device = (version: SpecVersion) =>
  readAnnounced(version, { DeviceIndex: 3, DeviceName: 'Example', ...EXAMPLE[version] });
const sent = (version: SpecVersion, command: ClientCommand) => translate(command, version, device(version));

const vibrate = (Index: number, Speed: number): ClientCommand => ({ tag: 'Vibrate', value: [{ Index, Speed }] });
const scalar = (Index: number, Scalar: number, ActuatorType: string): ClientCommand => ({
  tag: 'Scalar',
  value: [{ Index, Scalar, ActuatorType }],
});
const rotate = (Index: number, Speed: number, Clockwise: boolean): ClientCommand => ({
  tag: 'Rotate',
  value: [{ Index, Speed, Clockwise }],
});
const linear = (Index: number, Position: number, Duration: number): ClientCommand => ({
  tag: 'Linear',
  value: [{ Index, Position, Duration }],
});
const battery: ClientCommand = { tag: 'Battery', value: { expected_power: 1 } };
const DeviceIndex = 3;
const order = (FeatureIndex: number, Command: object) => ({ OutputCmd: { DeviceIndex, FeatureIndex, Command } });

describe('what a client sends for a command of a case (conformance-format §5)', () => {
  it('Stop', () => {
    for (const version of [0, 1, 2, 3] as const) {
      expect(sent(version, { tag: 'Stop' })).toEqual([{ StopDeviceCmd: { DeviceIndex } }]);
    }
    expect(sent(4, { tag: 'Stop' })).toEqual([{ StopCmd: { DeviceIndex, Inputs: true, Outputs: true } }]);
  });

  it('Vibrate: v0 sends the first speed and counts nothing', () => {
    const command: ClientCommand = {
      tag: 'Vibrate',
      value: [
        { Index: 5, Speed: 0.5 },
        { Index: 0, Speed: 1 },
      ],
    };
    expect(sent(0, command)).toEqual([{ SingleMotorVibrateCmd: { DeviceIndex, Speed: 0.5 } }]);
  });

  it('Vibrate: v1 and v2 send one VibrateCmd', () => {
    for (const version of [1, 2] as const) {
      const expected = { VibrateCmd: { DeviceIndex, Speeds: [{ Index: 0, Speed: 0.5 }] } };
      expect(sent(version, vibrate(0, 0.5))).toEqual([expected]);
    }
  });

  it('Vibrate: v3 sends one ScalarCmd with the places of the vibrators in the whole list', () => {
    const command: ClientCommand = {
      tag: 'Vibrate',
      value: [
        { Index: 0, Speed: 0.5 },
        { Index: 1, Speed: 1 },
      ],
    };
    const Scalars = [
      { Index: 0, Scalar: 0.5, ActuatorType: 'Vibrate' },
      { Index: 4, Scalar: 1, ActuatorType: 'Vibrate' },
    ];
    expect(sent(3, command)).toEqual([{ ScalarCmd: { DeviceIndex, Scalars } }]);
  });

  it('Vibrate: v4 sends steps, rounded up, one message per entry', () => {
    const command: ClientCommand = {
      tag: 'Vibrate',
      value: [
        { Index: 0, Speed: 0.61 },
        { Index: 0, Speed: 0.0000005 },
      ],
    };
    expect(sent(4, command)).toEqual([order(0, { Vibrate: { Value: 13 } }), order(0, { Vibrate: { Value: 0 } })]);
  });

  it('Scalar: not before v3, where places count rotation both ways', () => {
    for (const version of [0, 1, 2] as const) expect(sent(version, scalar(0, 1, 'Vibrate'))).toEqual([]);
    const Scalars = [{ Index: 3, Scalar: 0.5, ActuatorType: 'Constrict' }];
    expect(sent(3, scalar(3, 0.5, 'Constrict'))).toEqual([{ ScalarCmd: { DeviceIndex, Scalars } }]);
  });

  it('Scalar: v4 leaves rotation both ways out of the count, and falls back on feature 0', () => {
    expect(sent(4, scalar(1, 0.5, 'Constrict'))).toEqual([order(5, { Constrict: { Value: 2 } })]);
    expect(sent(4, scalar(2, 0.5, 'Rotate'))).toEqual([order(6, { Rotate: { Value: 5 } })]);
    expect(sent(4, scalar(9, 0.5, 'Vibrate'))).toEqual([order(0, { Vibrate: { Value: 10 } })]);
  });

  it('Rotate: nothing in v0, one RotateCmd up to v3', () => {
    expect(sent(0, rotate(0, 0.5, true))).toEqual([]);
    for (const version of [1, 2, 3] as const) {
      const Rotations = [{ Index: 0, Speed: 0.5, Clockwise: false }];
      expect(sent(version, rotate(0, 0.5, false))).toEqual([{ RotateCmd: { DeviceIndex, Rotations } }]);
    }
  });

  it('Rotate: v4 sends the direction as a sign, to features of either kind', () => {
    expect(sent(4, rotate(0, 0.51, true))).toEqual([order(1, { Rotate: { Value: 11 } })]);
    expect(sent(4, rotate(0, 0.51, false))).toEqual([order(1, { Rotate: { Value: -11 } })]);
    expect(sent(4, rotate(0, 0, false))).toEqual([order(1, { Rotate: { Value: 0 } })]);
    expect(sent(4, rotate(1, 1, true))).toEqual([order(6, { Rotate: { Value: 10 } })]);
  });

  it('Linear: old clients number the entries themselves, v4 means the feature', () => {
    expect(sent(0, linear(4, 0.5, 200))).toEqual([]);
    for (const version of [1, 2, 3] as const) {
      const Vectors = [{ Index: 0, Position: 0.515, Duration: 200 }];
      expect(sent(version, linear(4, 0.515, 200))).toEqual([{ LinearCmd: { DeviceIndex, Vectors } }]);
    }
    const expected = order(4, { HwPositionWithDuration: { Value: 52, Duration: 200 } });
    expect(sent(4, linear(4, 0.515, 200))).toEqual([expected]);
  });

  it('Battery: from v2 on', () => {
    expect(sent(2, battery)).toEqual([{ BatteryLevelCmd: { DeviceIndex } }]);
    expect(sent(3, battery)).toEqual([{ SensorReadCmd: { DeviceIndex, SensorIndex: 1, SensorType: 'Battery' } }]);
    const expected = { InputCmd: { DeviceIndex, FeatureIndex: 7, Type: 'Battery', Command: 'Read' } };
    expect(sent(4, battery)).toEqual([expected]);
  });

  it.each([
    ['a VibrateCmd with too high an index', 1, vibrate(1, 1)],
    [
      'a VibrateCmd with too many entries',
      2,
      {
        tag: 'Vibrate',
        value: [
          { Index: 0, Speed: 1 },
          { Index: 0, Speed: 1 },
        ],
      },
    ],
    ['a third vibrator of two', 3, vibrate(2, 1)],
    ['a ScalarCmd beyond the list', 3, scalar(5, 1, 'Vibrate')],
    ['a RotateCmd beyond the list', 3, rotate(1, 1, true)],
    [
      'two moves for one axis',
      3,
      {
        tag: 'Linear',
        value: [linear(0, 1, 1), linear(1, 1, 1)].flatMap((one) => (one.tag === 'Linear' ? one.value : [])),
      },
    ],
    ['a battery in version 1', 1, battery],
    ['an output the feature does not have', 4, scalar(0, 1, 'Oscillate')],
    ['a move of a feature that has none', 4, linear(0, 1, 1)],
    ['a second vibrator of one', 4, vibrate(1, 1)],
  ] satisfies [string, SpecVersion, ClientCommand][])('refuses %s', (_what, version, command) => {
    expect(() => sent(version, command)).toThrow(ClientRefusal);
  });

  it('refuses to pick one of two batteries', () => {
    const two = readAnnounced(3, {
      DeviceIndex: 3,
      DeviceName: 'Two',
      DeviceMessages: { SensorReadCmd: [{ SensorType: 'Battery' }, { SensorType: 'Battery' }] },
    });
    expect(() => translate(battery, 3, two)).toThrow('the client wants one battery, the device announces 2');
  });

  it('does not take what is no device of its version', () => {
    expect(() => readAnnounced(4, { DeviceIndex: 0, DeviceName: 'X', DeviceMessages: [] })).toThrow();
  });
});
