import {
  combined,
  constrict,
  type FeaturePart,
  features,
  led,
  at as numbered,
  oscillate,
  position,
  rotate,
  rotateBothWays,
  spray,
  temperature,
  timedPosition,
  vibrate,
} from 'pulsegate/plugin';
import { expect, it } from 'vitest';
import type { Booted, Message } from '../../support/boot.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { bootWithSettings, failure, VERSIONS, type Version } from './support.js';

const ADDRESS = 'simulated:toy-1';

/** A gateway with one toy of these features, and what its owner wrote about it. */
async function bootToy(parts: readonly FeaturePart[], settings: object = {}, messageGap = 75) {
  const recording = new RecordingProtocol({ Toy: features(...parts) });
  const gateway = await bootWithSettings([{ address: ADDRESS, ...settings }], {
    plugins: [recording.plugin],
    devices: [{ model: 'Toy', messageGap }],
  });
  return { gateway, recording };
}

/** The one device in the list, as this version describes it. */
async function described(gateway: Booted, version: Version): Promise<unknown> {
  const client = await gateway.connect(version);
  const { DeviceList } = await client.ask({ RequestDeviceList: {} });
  return Object.values(DeviceList?.Devices ?? {})[0];
}

it.each(VERSIONS)('v%i: DeviceDisplayName is only told where the version has it, DeviceName stays', async (version) => {
  const { gateway } = await bootToy([vibrate(20)], { displayName: 'Blue one' });
  await using _ = gateway;
  const device = await described(gateway, version);
  expect(device).toMatchObject({ DeviceName: 'Toy' });
  if (version >= 3) expect(device).toMatchObject({ DeviceDisplayName: 'Blue one' });
  else expect(device).not.toHaveProperty('DeviceDisplayName');
});

it.each([3, 4] as const)('v%i: the announced timing gap is the enforced one, in whole ms (B15)', async (version) => {
  const { gateway } = await bootToy([vibrate(20)], {}, 12.5);
  await using _ = gateway;
  expect(await described(gateway, version)).toMatchObject({ DeviceMessageTimingGap: 13 });
});

it.each<[Version, object]>([
  [0, { DeviceMessages: ['StopDeviceCmd'] }],
  [1, { DeviceMessages: { StopDeviceCmd: {} } }],
  [2, { DeviceMessages: { StopDeviceCmd: {} } }],
  [3, { DeviceMessages: { StopDeviceCmd: {} } }],
  [4, { DeviceFeatures: { 2: { FeatureIndex: 2, FeatureDescription: '', Output: {} } } }],
])('v%i: a feature whose outputs are all disabled, and one that has nothing', async (version, expected) => {
  const nothing: FeaturePart = { description: 'Nothing', outputs: {}, inputs: {} };
  const { gateway } = await bootToy([numbered(2, vibrate(20)), numbered(3, nothing)], {
    features: { 2: { Vibrate: { disabled: true } } },
  });
  await using _ = gateway;
  const device = await described(gateway, version);
  // Strict where it counts: nothing else is listed.
  for (const [key, value] of Object.entries(expected)) expect(device).toHaveProperty(key, value);
});

it('v1 to v3 close the gap a disabled output leaves, in announcing and in resolving (B23)', async () => {
  const { gateway, recording } = await bootToy([vibrate(10), vibrate(20), vibrate(30)], {
    features: { 1: { Vibrate: { disabled: true } } },
  });
  await using _ = gateway;
  expect(await described(gateway, 1)).toMatchObject({ DeviceMessages: { VibrateCmd: { FeatureCount: 2 } } });
  expect(await described(gateway, 2)).toMatchObject({ DeviceMessages: { VibrateCmd: { StepCount: [10, 30] } } });
  expect(await described(gateway, 3)).toMatchObject({
    DeviceMessages: { ScalarCmd: [{ StepCount: 10 }, { StepCount: 30 }] },
  });

  const half: readonly [1 | 2 | 3, Message][] = [
    [1, { VibrateCmd: { Id: 5, DeviceIndex: 0, Speeds: [{ Index: 1, Speed: 0.5 }] } }],
    [2, { VibrateCmd: { Id: 5, DeviceIndex: 0, Speeds: [{ Index: 1, Speed: 1 }] } }],
    [3, { ScalarCmd: { Id: 5, DeviceIndex: 0, Scalars: [{ Index: 1, Scalar: 0.5, ActuatorType: 'Vibrate' }] } }],
  ];
  for (const [version, command] of half) {
    const client = await gateway.connect(version);
    expect(await client.ask(command)).toEqual({ Ok: { Id: 5 } });
  }
  expect(recording.take()).toEqual(['2 Vibrate 15', '2 Vibrate 30', '2 Vibrate 15']);
  const v2 = await gateway.connect(2);
  const beyond = { VibrateCmd: { Id: 6, DeviceIndex: 0, Speeds: [{ Index: 2, Speed: 1 }] } };
  expect(await v2.ask(beyond)).toEqual(failure(4, 6));
  const v4 = await gateway.connect(4);
  const disabled = { OutputCmd: { Id: 7, DeviceIndex: 0, FeatureIndex: 1, Command: { Vibrate: { Value: 1 } } } };
  expect(await v4.ask(disabled)).toEqual(failure(4, 7, /disabled/));
});

it('a user range is announced from 0, in every version, and its lower end stays hidden (messages §7.1)', async () => {
  const { gateway } = await bootToy([vibrate(20), rotateBothWays(20)], {
    features: { 0: { Vibrate: { range: [5, 15] } }, 1: { Rotate: { range: [4, 10] } } },
  });
  await using _ = gateway;
  expect(await described(gateway, 2)).toMatchObject({
    DeviceMessages: { VibrateCmd: { StepCount: [10] }, RotateCmd: { StepCount: [6] } },
  });
  expect(await described(gateway, 3)).toMatchObject({
    DeviceMessages: { ScalarCmd: [{ StepCount: 10 }, { StepCount: 6 }], RotateCmd: [{ StepCount: 6 }] },
  });
  expect(await described(gateway, 4)).toMatchObject({
    DeviceFeatures: {
      0: { Output: { Vibrate: { Value: [0, 10] } } },
      1: { Output: { Rotate: { Value: [-6, 6] } } },
    },
  });
});

it('an output without a single step is hidden from v0 to v3 and [0,0] in v4 (B27)', async () => {
  const { gateway } = await bootToy([vibrate(20), rotateBothWays(20), timedPosition(100, 1000), vibrate(7)], {
    features: {
      0: { Vibrate: { range: [9, 9] } },
      1: { Rotate: { range: [3, 3] } },
      2: { HwPositionWithDuration: { range: [50, 50] } },
    },
  });
  await using _ = gateway;
  expect(await described(gateway, 0)).toMatchObject({ DeviceMessages: ['SingleMotorVibrateCmd', 'StopDeviceCmd'] });
  expect(await described(gateway, 1)).toHaveProperty('DeviceMessages', {
    VibrateCmd: { FeatureCount: 1 },
    SingleMotorVibrateCmd: {},
    StopDeviceCmd: {},
  });
  expect(await described(gateway, 2)).toHaveProperty('DeviceMessages', {
    VibrateCmd: { FeatureCount: 1, StepCount: [7] },
    StopDeviceCmd: {},
  });
  expect(await described(gateway, 3)).toHaveProperty('DeviceMessages', {
    ScalarCmd: [{ FeatureDescriptor: '', ActuatorType: 'Vibrate', StepCount: 7 }],
    StopDeviceCmd: {},
  });
  expect(await described(gateway, 4)).toMatchObject({
    DeviceFeatures: { 0: { Output: { Vibrate: { Value: [0, 0] } } }, 1: { Output: { Rotate: { Value: [0, 0] } } } },
  });
});

it.each<[Version, object]>([
  [0, { DeviceMessages: ['StopDeviceCmd'] }],
  [1, { DeviceMessages: { StopDeviceCmd: {} } }],
  [2, { DeviceMessages: { StopDeviceCmd: {} } }],
  [3, { DeviceMessages: { StopDeviceCmd: {} } }],
  [
    4,
    {
      DeviceFeatures: {
        0: { FeatureIndex: 0, FeatureDescription: '', Output: { Temperature: { Value: [0, 5] } } },
        1: { FeatureIndex: 1, FeatureDescription: '', Output: { Led: { Value: [0, 6] } } },
        2: { FeatureIndex: 2, FeatureDescription: '', Output: { Spray: { Value: [0, 7] } } },
      },
    },
  ],
])('v%i: Temperature, Led and Spray are shown to v4 only (B24)', async (version, expected) => {
  const { gateway } = await bootToy([temperature(5), led(6), spray(7)]);
  await using _ = gateway;
  const device = await described(gateway, version);
  for (const [key, value] of Object.entries(expected)) expect(device).toHaveProperty(key, value);
});

it('v3: what it cannot know is left out of the indexes too (B24), and one-way Rotate is a scalar only', async () => {
  const { gateway, recording } = await bootToy([led(6), vibrate(10), spray(1), temperature(5), rotate(8)]);
  await using _ = gateway;
  expect(await described(gateway, 3)).toHaveProperty('DeviceMessages', {
    ScalarCmd: [
      { FeatureDescriptor: '', ActuatorType: 'Vibrate', StepCount: 10 },
      { FeatureDescriptor: '', ActuatorType: 'Rotate', StepCount: 8 },
    ],
    StopDeviceCmd: {},
  });
  const client = await gateway.connect(3);
  const scalar = (Index: number, ActuatorType: string) => ({
    ScalarCmd: { Id: 3, DeviceIndex: 0, Scalars: [{ Index, Scalar: 1, ActuatorType }] },
  });
  expect(await client.ask(scalar(1, 'Rotate'))).toEqual({ Ok: { Id: 3 } });
  for (const hidden of ['Led', 'Spray', 'Temperature'])
    expect(await client.ask(scalar(0, hidden))).toEqual(failure(4, 3));
  expect(recording.take()).toEqual(['4 Rotate 8']);
  for (const version of [1, 2] as const) {
    const old = await gateway.connect(version);
    const command = { RotateCmd: { Id: 4, DeviceIndex: 0, Rotations: [{ Index: 0, Speed: 1, Clockwise: true }] } };
    expect(await old.ask(command)).toEqual(failure(4, 4));
  }
});

it('v3 ScalarCmd: several outputs of one feature come in the order of messages §5', async () => {
  const everything = combined(vibrate(1), rotate(2), position(3), oscillate(4), constrict(5));
  const { gateway, recording } = await bootToy([everything, vibrate(6)]);
  await using _ = gateway;
  expect(await described(gateway, 3)).toMatchObject({
    DeviceMessages: {
      ScalarCmd: ['Constrict', 'Oscillate', 'Position', 'Rotate', 'Vibrate', 'Vibrate'].map((ActuatorType) => ({
        ActuatorType,
      })),
    },
  });
  const client = await gateway.connect(3);
  const Scalars = ['Constrict', 'Oscillate', 'Position', 'Rotate', 'Vibrate', 'Vibrate'].map((ActuatorType, Index) => ({
    Index,
    Scalar: 1,
    ActuatorType,
  }));
  expect(await client.ask({ ScalarCmd: { Id: 2, DeviceIndex: 0, Scalars } })).toEqual({ Ok: { Id: 2 } });
  expect(recording.take()).toEqual([
    '0 Constrict 5',
    '0 Oscillate 4',
    '0 Position 3',
    '0 Rotate 2',
    '0 Vibrate 1',
    '1 Vibrate 6',
  ]);
});
