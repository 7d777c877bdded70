import { features, vibrate } from 'pulsegate/plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Booted, boot } from '../../support/boot.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { VERSIONS, workedExample } from './support.js';

/** How each version writes the worked example of messages §5; version 0 and 1 with the messages of B22 besides. */
const inVersion = {
  0: {
    DeviceIndex: 0,
    DeviceName: 'Made Up Rabbit',
    DeviceMessages: ['FleshlightLaunchFW12Cmd', 'SingleMotorVibrateCmd', 'StopDeviceCmd', 'VorzeA10CycloneCmd'],
  },
  1: {
    DeviceIndex: 0,
    DeviceName: 'Made Up Rabbit',
    DeviceMessages: {
      VibrateCmd: { FeatureCount: 1 },
      RotateCmd: { FeatureCount: 1 },
      LinearCmd: { FeatureCount: 1 },
      SingleMotorVibrateCmd: {},
      VorzeA10CycloneCmd: {},
      FleshlightLaunchFW12Cmd: {},
      StopDeviceCmd: {},
    },
  },
  2: {
    DeviceIndex: 0,
    DeviceName: 'Made Up Rabbit',
    DeviceMessages: {
      VibrateCmd: { FeatureCount: 1, StepCount: [20] },
      RotateCmd: { FeatureCount: 1, StepCount: [20] },
      LinearCmd: { FeatureCount: 1, StepCount: [100] },
      BatteryLevelCmd: {},
      StopDeviceCmd: {},
    },
  },
  3: {
    DeviceIndex: 0,
    DeviceName: 'Made Up Rabbit',
    DeviceMessageTimingGap: 75,
    DeviceMessages: {
      ScalarCmd: [
        { FeatureDescriptor: 'Shaft', ActuatorType: 'Vibrate', StepCount: 20 },
        { FeatureDescriptor: 'Head', ActuatorType: 'Rotate', StepCount: 20 },
        { FeatureDescriptor: 'Stroker', ActuatorType: 'Position', StepCount: 100 },
        { FeatureDescriptor: '', ActuatorType: 'Constrict', StepCount: 3 },
      ],
      RotateCmd: [{ FeatureDescriptor: 'Head', ActuatorType: 'Rotate', StepCount: 20 }],
      LinearCmd: [{ FeatureDescriptor: 'Stroker', ActuatorType: 'Position', StepCount: 100 }],
      SensorReadCmd: [{ FeatureDescriptor: 'Battery', SensorType: 'Battery', SensorRange: [[0, 100]] }],
      StopDeviceCmd: {},
    },
  },
  4: {
    DeviceIndex: 0,
    DeviceName: 'Made Up Rabbit',
    DeviceMessageTimingGap: 75,
    DeviceFeatures: {
      0: { FeatureIndex: 0, FeatureDescription: 'Shaft', Output: { Vibrate: { Value: [0, 20] } } },
      1: { FeatureIndex: 1, FeatureDescription: 'Head', Output: { Rotate: { Value: [-20, 20] } } },
      4: {
        FeatureIndex: 4,
        FeatureDescription: 'Stroker',
        Output: {
          HwPositionWithDuration: { Value: [0, 100], Duration: [0, 10_000] },
          Position: { Value: [0, 100] },
        },
      },
      5: { FeatureIndex: 5, FeatureDescription: '', Output: { Constrict: { Value: [0, 3] } } },
      7: {
        FeatureIndex: 7,
        FeatureDescription: 'Battery',
        Input: { Battery: { Value: [[0, 100]], Command: ['Read'] } },
      },
    },
  },
} as const;

describe('the worked example of messages §5', () => {
  let gateway: Booted;
  beforeAll(async () => {
    const recording = new RecordingProtocol({ 'Made Up Rabbit': workedExample });
    gateway = await boot({ plugins: [recording.plugin], devices: [{ model: 'Made Up Rabbit' }] });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each([0, 1, 2, 3] as const)('v%i DeviceList is an array of devices', async (version) => {
    const client = await gateway.connect(version);
    const reply = await client.ask({ RequestDeviceList: { Id: 7 } });
    expect(reply).toStrictEqual({ DeviceList: { Id: 7, Devices: [inVersion[version]] } });
  });

  it('v4 DeviceList is a map of devices by index, each with a map of features by index', async () => {
    const client = await gateway.connect(4);
    const reply = await client.ask({ RequestDeviceList: { Id: 7 } });
    expect(reply).toStrictEqual({ DeviceList: { Id: 7, Devices: { 0: inVersion[4] } } });
  });

  it.each([0, 1, 2, 3] as const)('v%i DeviceAdded describes the device as DeviceList does', async (version) => {
    const client = await gateway.connect(version);
    expect(client.take()).toStrictEqual([{ DeviceAdded: { Id: 0, ...inVersion[version] } }]);
  });

  it('v4 clients are sent the whole DeviceList with Id 0 right after ServerInfo', async () => {
    const client = await gateway.connect(4);
    expect(client.take()).toStrictEqual([{ DeviceList: { Id: 0, Devices: { 0: inVersion[4] } } }]);
  });

  it.each(VERSIONS)('v%i: every frame holds one message (messages §1)', async (version) => {
    const client = await gateway.connect(version);
    client.tell({ RequestDeviceList: { Id: 1 } }, { Ping: { Id: 2 } }, { RequestDeviceList: { Id: 3 } });
    expect(client.frames.map((frame) => Object.keys(JSON.parse(frame)).length)).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('devices that come and go', () => {
  it.each(VERSIONS)('v%i hears of each one, with Id 0', async (version) => {
    const recording = new RecordingProtocol({ Wand: features(vibrate(10)), Plug: features(vibrate(5)) });
    await using gateway = await boot({
      plugins: [recording.plugin],
      devices: [{ model: 'Wand' }, { model: 'Plug' }],
      config: { devices: { reconnect: { enabled: false } } },
    });
    const client = await gateway.connect(version);
    client.take();
    expect(await gateway.post('/api/simulated/wand-1/disconnect', { awayFor: 5 })).toBe(204);
    await gateway.clock.advance(0);
    const gone = client.take();
    await gateway.clock.advance(5000);
    const back = client.take();
    if (version === 4) {
      expect([gone, back]).toMatchObject([[{ DeviceList: { Id: 0 } }], [{ DeviceList: { Id: 0 } }]]);
      const listed = [gone, back].map(([list]) => Object.keys(list?.DeviceList?.Devices ?? {}));
      expect(listed).toEqual([['1'], ['0', '1']]);
    } else {
      expect(gone).toStrictEqual([{ DeviceRemoved: { Id: 0, DeviceIndex: 0 } }]);
      expect(back).toMatchObject([{ DeviceAdded: { Id: 0, DeviceIndex: 0, DeviceName: 'Wand' } }]);
    }
  });

  it.each(VERSIONS)('v%i: without devices the list is empty and nothing is pushed on connect', async (version) => {
    await using gateway = await boot();
    const client = await gateway.connect(version);
    expect(client.take()).toEqual([]);
    const reply = await client.ask({ RequestDeviceList: { Id: 9 } });
    expect(reply).toStrictEqual({ DeviceList: { Id: 9, Devices: version === 4 ? {} : [] } });
  });
});
