import { type DeviceGrant, features, vibrate } from 'pulsegate/plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Booted, Message } from '../../support/boot.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { bootWithSettings, VERSIONS, type Version } from '../protocol/support.js';
import { bootPair, connectGranted, listed } from './support.js';

/** What a client with device grants is told of devices. */

const RABBIT = ['0 Vibrate', '1 Rotate', '4 Position HwPositionWithDuration', '5 Constrict', '7 Battery'];
const WAND = ['10 Vibrate Rotate Button', '11 Vibrate', '12 Button'];

interface Feature {
  readonly FeatureIndex: number;
  readonly Output?: object;
  readonly Input?: object;
}

/** `0 Vibrate`: a feature and the types it is announced with, outputs first. */
function typesOf(device: Message[string]): [index: string, types: string[]] {
  const features: readonly Feature[] = Object.values(device.DeviceFeatures ?? {});
  const types = features.map(({ FeatureIndex, Output = {}, Input = {} }) =>
    [FeatureIndex, ...Object.keys(Output), ...Object.keys(Input)].join(' '),
  );
  return [String(device.DeviceIndex), types];
}

describe('of a Rabbit and a Wand', () => {
  let gateway: Booted;
  beforeAll(async () => {
    ({ gateway } = await bootPair());
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each<[DeviceGrant[], Readonly<Record<number, string[]>>]>([
    [[], {}],
    [[{}], { 0: RABBIT, 1: WAND }],
    [[{ name: '*' }], { 0: RABBIT, 1: WAND }],
    [[{ name: 'Rabbit' }], { 0: RABBIT }],
    [[{ name: 'rABBIT' }], { 0: RABBIT }],
    [[{ name: 'wa*' }], { 1: WAND }],
    [[{ name: '*a*d' }], { 1: WAND }],
    [[{ name: '*A*' }], { 0: RABBIT, 1: WAND }],
    [[{ name: 'Wan' }], {}],
    [[{ name: 'and' }], {}],
    [[{ name: 'Wan.' }], {}],
    [[{ name: '' }], {}],
    [[{ index: 1 }], { 1: WAND }],
    [[{ index: 2 }], {}],
    [[{ index: 1, name: 'W*' }], { 1: WAND }],
    [[{ index: 1, name: 'Rabbit' }], {}],
    [[{ features: [0, 11] }], { 0: ['0 Vibrate'], 1: ['11 Vibrate'] }],
    [[{ features: [99] }], {}],
    [[{ features: [] }], {}],
    [[{ features: ['Vibrate'] }], { 0: ['0 Vibrate'], 1: ['10 Vibrate', '11 Vibrate'] }],
    [[{ features: ['bUTTON', 'battery'] }], { 0: ['7 Battery'], 1: ['10 Button', '12 Button'] }],
    [[{ features: ['hwpositionwithduration'] }], { 0: ['4 HwPositionWithDuration'] }],
    [[{ features: ['head'] }], { 0: ['1 Rotate'], 1: ['10 Vibrate Rotate Button'] }],
    [[{ features: ['hea', 'head*', ''] }], {}],
    [[{ name: 'Rabbit', features: ['SHAFT', 5, 'Position'] }], { 0: ['0 Vibrate', '4 Position', '5 Constrict'] }],
    [
      [{ index: 0, features: [0] }, { name: 'rabbit', features: ['Rotate'] }, { index: 1 }],
      { 0: ['0 Vibrate', '1 Rotate'], 1: WAND },
    ],
    [[{ index: 0, features: [0] }, { index: 0 }], { 0: RABBIT }],
  ])('%j shows %j', async (grants, seen) => {
    const client = await connectGranted(gateway, 4, ...grants);
    const [pushed] = client.take();
    const devices = await listed(client);
    expect(Object.fromEntries(devices.map(typesOf))).toEqual(seen);
    // On connect it is told the same, or nothing where there is nothing.
    if (devices.length === 0) expect(pushed).toBeUndefined();
    else expect(Object.values(pushed?.DeviceList?.Devices ?? {})).toStrictEqual(devices);
  });

  it('a client without grants sees every device, as if there were none', async () => {
    const client = await gateway.connect(4);
    expect(Object.fromEntries((await listed(client)).map(typesOf))).toEqual({ 0: RABBIT, 1: WAND });
  });

  it('a feature of which only an input is granted has no outputs', async () => {
    const client = await connectGranted(gateway, 4, { features: ['Button'] });
    const [wand] = await listed(client);
    const Input = { Button: { Value: [[0, 1]], Command: ['Subscribe'] } };
    expect(wand?.DeviceFeatures).toStrictEqual({
      10: { FeatureIndex: 10, FeatureDescription: 'Head', Input },
      12: { FeatureIndex: 12, FeatureDescription: 'Key', Input },
    });
  });

  const ofRabbit = [{ index: 0, features: ['Vibrate', 'Battery', 4] }];
  const inVersion: Readonly<Record<Version, object>> = {
    0: { DeviceMessages: ['FleshlightLaunchFW12Cmd', 'SingleMotorVibrateCmd', 'StopDeviceCmd'] },
    1: {
      DeviceMessages: {
        VibrateCmd: { FeatureCount: 1 },
        SingleMotorVibrateCmd: {},
        LinearCmd: { FeatureCount: 1 },
        FleshlightLaunchFW12Cmd: {},
        StopDeviceCmd: {},
      },
    },
    2: {
      DeviceMessages: {
        VibrateCmd: { FeatureCount: 1, StepCount: [20] },
        LinearCmd: { FeatureCount: 1, StepCount: [100] },
        BatteryLevelCmd: {},
        StopDeviceCmd: {},
      },
    },
    3: {
      DeviceMessageTimingGap: 75,
      DeviceMessages: {
        ScalarCmd: [
          { FeatureDescriptor: 'Shaft', ActuatorType: 'Vibrate', StepCount: 20 },
          { FeatureDescriptor: 'Stroker', ActuatorType: 'Position', StepCount: 100 },
        ],
        LinearCmd: [{ FeatureDescriptor: 'Stroker', ActuatorType: 'Position', StepCount: 100 }],
        SensorReadCmd: [{ FeatureDescriptor: 'Battery', SensorType: 'Battery', SensorRange: [[0, 100]] }],
        StopDeviceCmd: {},
      },
    },
    4: {
      DeviceMessageTimingGap: 75,
      DeviceFeatures: {
        0: { FeatureIndex: 0, FeatureDescription: 'Shaft', Output: { Vibrate: { Value: [0, 20] } } },
        4: {
          FeatureIndex: 4,
          FeatureDescription: 'Stroker',
          Output: {
            HwPositionWithDuration: { Value: [0, 100], Duration: [0, 10_000] },
            Position: { Value: [0, 100] },
          },
        },
        7: {
          FeatureIndex: 7,
          FeatureDescription: 'Battery',
          Input: { Battery: { Value: [[0, 100]], Command: ['Read'] } },
        },
      },
    },
  };

  it.each(VERSIONS)('v%i describes what is granted of a device as if that were all of it', async (version) => {
    const client = await connectGranted(gateway, version, ...ofRabbit);
    const rabbit = { DeviceIndex: 0, DeviceName: 'Rabbit', ...inVersion[version] };
    const pushed =
      version === 4 ? { DeviceList: { Id: 0, Devices: { 0: rabbit } } } : { DeviceAdded: { Id: 0, ...rabbit } };
    expect(client.take()).toStrictEqual([pushed]);
    expect(await listed(client)).toStrictEqual([rabbit]);
  });

  it.each(VERSIONS)('v%i: with an empty list of grants there is no device at all', async (version) => {
    const client = await connectGranted(gateway, version);
    expect(client.take()).toEqual([]);
    const reply = await client.ask({ RequestDeviceList: { Id: 9 } });
    expect(reply).toStrictEqual({ DeviceList: { Id: 9, Devices: version === 4 ? {} : [] } });
  });
});

it('a device goes by its display name as well as by its name', async () => {
  const recording = new RecordingProtocol({ Toy: features(vibrate(20)) });
  await using gateway = await bootWithSettings([{ address: 'simulated:toy-1', displayName: 'Blue (one)' }], {
    plugins: [recording.plugin],
    devices: [{ model: 'Toy' }],
  });
  for (const [name, count] of [
    ['toy', 1],
    ['BLUE (one)', 1],
    ['blue*', 1],
    ['blue one', 0],
  ] as const) {
    expect(await listed(await connectGranted(gateway, 4, { name })), name).toHaveLength(count);
  }
});

it('outputs that are disabled in the device settings are not granted back', async () => {
  const recording = new RecordingProtocol({ Toy: features(vibrate(20), vibrate(20)) });
  const settings = { address: 'simulated:toy-1', features: { 0: { Vibrate: { disabled: true } } } };
  await using gateway = await bootWithSettings([settings], {
    plugins: [recording.plugin],
    devices: [{ model: 'Toy' }],
  });
  const byType = await listed(await connectGranted(gateway, 4, { features: ['Vibrate'] }));
  expect(byType.map(typesOf)).toEqual([['0', ['1 Vibrate']]]);
  const byIndex = await listed(await connectGranted(gateway, 4, { features: [0] }));
  expect(byIndex.map(typesOf)).toEqual([['0', ['0']]]);
});

describe('devices that come and go', () => {
  const leave = async (gateway: Booted, id: string) => {
    expect(await gateway.post(`/api/simulated/${id}/disconnect`, { awayFor: 5 })).toBe(204);
    await gateway.clock.advance(0);
  };

  it.each(VERSIONS)('v%i hears of those it has a part in, and of that part alone', async (version) => {
    const { gateway } = await bootPair({ config: { devices: { reconnect: { enabled: false } } } });
    await using _ = gateway;
    const client = await connectGranted(gateway, version, { name: 'Wand', features: ['Vibrate'] });
    const all = await gateway.connect(version);
    client.take();
    all.take();
    await leave(gateway, 'rabbit-1');
    await gateway.clock.advance(5000);
    expect(client.take()).toEqual([]);
    expect(all.take()).toHaveLength(2);
    await leave(gateway, 'wand-1');
    const gone = client.take();
    await gateway.clock.advance(5000);
    const back = client.take();
    const [wand] = await listed(client);
    if (version === 4) {
      expect([gone, back]).toStrictEqual([
        [{ DeviceList: { Id: 0, Devices: {} } }],
        [{ DeviceList: { Id: 0, Devices: { 1: wand } } }],
      ]);
      expect(wand && typesOf(wand)).toEqual(['1', ['10 Vibrate', '11 Vibrate']]);
    } else {
      expect(gone).toStrictEqual([{ DeviceRemoved: { Id: 0, DeviceIndex: 1 } }]);
      expect(back).toStrictEqual([{ DeviceAdded: { Id: 0, ...wand } }]);
    }
    expect(client.frames.join()).not.toMatch(/Rabbit|Rotate/);
  });

  it.each(VERSIONS)('v%i: is told nothing of a device with no granted feature', async (version) => {
    const { gateway } = await bootPair();
    await using _ = gateway;
    const client = await connectGranted(gateway, version, { name: 'Rabbit', features: ['Button'] });
    await leave(gateway, 'rabbit-1');
    await gateway.clock.advance(6000);
    expect(client.take()).toEqual([]);
  });
});
