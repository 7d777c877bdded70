import { features, vibrate } from 'pulsegate/plugin';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Booted, boot, type Message, type TestLine } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { input, level, move } from '../../support/messages.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import type { RecordingProtocol } from '../../support/recording-protocol.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';
import { failure, ok, type Version } from '../protocol/support.js';
import { bootPair, connectGranted } from './support.js';

/** What a client with device grants may do, and what it is told where it may not. */

let gateway: Booted;
let recording: RecordingProtocol;
beforeEach(async () => {
  ({ gateway, recording } = await bootPair());
});
afterEach(() => gateway[Symbol.asyncDispose]());

const asked = (client: TestLine, message: Message) => {
  const [name = '', body] = Object.entries(message)[0] ?? [];
  return client.ask({ [name]: { Id: 5, ...body } });
};

const NOT_GRANTED = 'is not granted to this client; the device grants of its session have to name it';
const sentence = (ErrorMessage: string) => ({ Error: { Id: 5, ErrorCode: 4, ErrorMessage } });

describe('v4', () => {
  let client: TestLine;
  beforeEach(async () => {
    client = await connectGranted(gateway, 4, { name: 'Rabbit', features: ['Vibrate', 'Position', 'Battery'] });
  });

  it.each<[Message, string]>([
    [level(0, 0, 'Vibrate', 20), '0 Vibrate 20'],
    [level(0, 4, 'Position', 100), '4 Position 100'],
  ])('%j is carried out', async (message, order) => {
    expect(await asked(client, message)).toEqual(ok(5));
    expect(recording.take()).toEqual([order]);
  });

  it.each<[Message, string]>([
    [level(1, 10, 'Vibrate', 1), `Device 1 ${NOT_GRANTED}`],
    [level(0, 1, 'Rotate', 1), `Feature 1 of device 0 (Rabbit): Rotate ${NOT_GRANTED}`],
    [level(0, 1, 'Rotate', 999), `Feature 1 of device 0 (Rabbit): Rotate ${NOT_GRANTED}`],
    [move(0, 4, 50, 1000), `Feature 4 of device 0 (Rabbit): HwPositionWithDuration ${NOT_GRANTED}`],
    [input(1, 10, 'Button', 'Subscribe'), `Device 1 ${NOT_GRANTED}`],
    [{ StopCmd: { DeviceIndex: 1 } }, `Device 1 ${NOT_GRANTED}`],
    [{ StopCmd: { DeviceIndex: 1, FeatureIndex: 10 } }, `Device 1 ${NOT_GRANTED}`],
    [{ StopCmd: { DeviceIndex: 0, FeatureIndex: 1 } }, `Feature 1 of device 0 (Rabbit) ${NOT_GRANTED}`],
    // What does not exist is told as to everybody else.
    [level(2, 0, 'Vibrate', 1), 'No device with index 2'],
    [level(0, 9, 'Vibrate', 1), 'There is no feature 9 on device 0 (Rabbit)'],
    [level(0, 1, 'Vibrate', 1), 'Feature 1 of device 0 (Rabbit) has no Vibrate output'],
    [level(0, 0, 'Vibrate', 21), 'Vibrate takes 0 to 20, not 21'],
    [{ StopCmd: { DeviceIndex: 2 } }, 'No device with index 2'],
    [{ StopCmd: { DeviceIndex: 0, FeatureIndex: 9 } }, 'There is no feature 9 on device 0 (Rabbit)'],
  ])('%j is refused: %s', async (message, text) => {
    expect(await asked(client, message)).toEqual(sentence(text));
    expect(recording.take()).toEqual([]);
  });

  it('everything of a device granted as a whole is carried out', async () => {
    const whole = await connectGranted(gateway, 4, { index: 1 });
    expect(await asked(whole, level(1, 10, 'Rotate', 3))).toEqual(ok(5));
    expect(await asked(whole, level(1, 11, 'Vibrate', 2))).toEqual(ok(5));
    expect(await asked(whole, level(0, 0, 'Vibrate', 2))).toEqual(sentence(`Device 0 ${NOT_GRANTED}`));
    expect(recording.take()).toEqual(['10 Rotate 3', '11 Vibrate 2']);
  });

  it('reads what is granted, and nothing else', async () => {
    expect(await asked(client, input(0, 7, 'Battery', 'Read'))).toMatchObject({ InputReading: { Id: 5 } });
    const other = await connectGranted(gateway, 4, { name: 'Rabbit', features: ['Vibrate'] });
    const text = `Feature 7 of device 0 (Rabbit): Battery ${NOT_GRANTED}`;
    expect(await asked(other, input(0, 7, 'Battery', 'Read'))).toEqual(sentence(text));
  });

  it('listens to what is granted, and to nothing else', async () => {
    const listener = await connectGranted(gateway, 4, { features: ['Button'] });
    const deaf = await connectGranted(gateway, 4, { features: ['Rotate'] });
    const text = `Feature 10 of device 1 (Wand): Button ${NOT_GRANTED}`;
    for (const command of ['Subscribe', 'Unsubscribe']) {
      expect(await asked(deaf, input(1, 10, 'Button', command))).toEqual(sentence(text));
    }
    expect(recording.report(10, 'Button', 1)).toBe(false);
    expect(await asked(listener, input(1, 10, 'Button', 'Subscribe'))).toEqual(ok(5));
    deaf.take();
    listener.take();
    expect(recording.report(10, 'Button', 1)).toBe(true);
    const reading = { Id: 0, DeviceIndex: 1, FeatureIndex: 10, Reading: { Button: { Value: 1 } } };
    expect(listener.take()).toStrictEqual([{ InputReading: reading }]);
    expect(deaf.take()).toEqual([]);
    expect(await asked(listener, input(1, 10, 'Button', 'Unsubscribe'))).toEqual(ok(5));
    expect(recording.report(10, 'Button', 1)).toBe(false);
  });
});

describe('old versions', () => {
  const speeds = (DeviceIndex: number, Index: number): Message => ({
    VibrateCmd: { DeviceIndex, Speeds: [{ Index, Speed: 1 }] },
  });

  it.each([1, 2, 3] as const)('v%i: motors are counted among those that are granted', async (version) => {
    const client = await connectGranted(gateway, version, { index: 1, features: [11] });
    expect(await asked(client, speeds(1, 0))).toEqual(ok(5));
    expect(recording.take()).toEqual(['11 Vibrate 5']);
    expect(await asked(client, speeds(1, 1))).toEqual(failure(4, 5, /1 vibrating.*the rest .* is not granted to this/));
    expect(recording.take()).toEqual([]);
  });

  it.each([0, 1] as const)('v%i: one speed for all means all that are granted', async (version) => {
    const client = await connectGranted(gateway, version, { index: 1, features: [10] });
    expect(await asked(client, { SingleMotorVibrateCmd: { DeviceIndex: 1, Speed: 1 } })).toEqual(ok(5));
    expect(recording.take()).toEqual(['10 Vibrate 20']);
    const cyclone = { VorzeA10CycloneCmd: { DeviceIndex: 1, Speed: 1, Clockwise: true } };
    expect(await asked(client, cyclone)).toEqual(failure(4, 5, /not granted to this client/));
  });

  it.each([0, 1] as const)('v%i: KiirooCmd moves nothing that is not granted', async (version) => {
    const kiiroo = { KiirooCmd: { DeviceIndex: 0, Command: '4' } };
    const linear = await connectGranted(gateway, version, { features: [4] });
    expect(await asked(linear, kiiroo)).toEqual(ok(5));
    expect(recording.take()).toEqual(['4 HwPositionWithDuration 100 in 200']);
    const neither = await connectGranted(gateway, version, { features: ['Battery'] });
    expect(await asked(neither, kiiroo)).toEqual(failure(4, 5, /not granted to this client/));
    expect(recording.take()).toEqual([]);
  });

  it('v3: ScalarCmd reaches only the granted types of a feature', async () => {
    const client = await connectGranted(gateway, 3, { index: 1, features: ['Rotate'] });
    const scalar = (Index: number, ActuatorType: string) => ({
      ScalarCmd: { DeviceIndex: 1, Scalars: [{ Index, Scalar: 1, ActuatorType }] },
    });
    expect(await asked(client, scalar(0, 'Rotate'))).toEqual(ok(5));
    expect(await asked(client, scalar(0, 'Vibrate'))).toEqual(failure(4, 5, /not granted to this client/));
    expect(await asked(client, scalar(1, 'Rotate'))).toEqual(failure(4, 5, /not granted to this client/));
    expect(recording.take()).toEqual(['10 Rotate 20']);
  });

  it('v3: a message of which only a part is granted is refused as a whole', async () => {
    const client = await connectGranted(gateway, 3, { index: 1, features: [10] });
    const Speeds = [0, 1].map((Index) => ({ Index, Speed: 1 }));
    expect(await asked(client, { VibrateCmd: { DeviceIndex: 1, Speeds } })).toEqual(failure(4, 5, /not granted/));
    expect(recording.take()).toEqual([]);
  });

  it('v3: sensors are counted among those that are granted, and readings carry that count', async () => {
    const client = await connectGranted(gateway, 3, { features: ['Key'] });
    const sensor = (command: string, DeviceIndex: number, SensorType: string) => ({
      [command]: { DeviceIndex, SensorIndex: 0, SensorType },
    });
    expect(await asked(client, sensor('SensorReadCmd', 0, 'Battery'))).toEqual(sentence(`Device 0 ${NOT_GRANTED}`));
    expect(await asked(client, sensor('SensorSubscribeCmd', 1, 'Button'))).toEqual(ok(5));
    client.take();
    expect(recording.report(10, 'Button', 1)).toBe(false);
    expect(recording.report(12, 'Button', 1)).toBe(true);
    const reading = { Id: 0, DeviceIndex: 1, SensorIndex: 0, SensorType: 'Button', Data: [1] };
    expect(client.take()).toStrictEqual([{ SensorReading: reading }]);
  });

  it('v2: BatteryLevelCmd', async () => {
    const battery = { BatteryLevelCmd: { DeviceIndex: 0 } };
    const may = await connectGranted(gateway, 2, { features: ['Battery'] });
    expect(await asked(may, battery)).toStrictEqual({
      BatteryLevelReading: { Id: 5, DeviceIndex: 0, BatteryLevel: 0.81 },
    });
    const mayNot = await connectGranted(gateway, 2, { features: ['Vibrate'] });
    expect(await asked(mayNot, battery)).toEqual(failure(4, 5, /not granted to this client/));
  });

  it.each<[Version, string, object]>([
    [0, 'StopDeviceCmd', {}],
    [0, 'SingleMotorVibrateCmd', { Speed: 1 }],
    [1, 'VibrateCmd', { Speeds: [{ Index: 0, Speed: 1 }] }],
    [2, 'BatteryLevelCmd', {}],
    [3, 'ScalarCmd', { Scalars: [{ Index: 0, Scalar: 1, ActuatorType: 'Vibrate' }] }],
    [3, 'StopDeviceCmd', {}],
  ])('v%i %s: a device that is not granted, and one that does not exist', async (version, name, fields) => {
    const client = await connectGranted(gateway, version, { name: 'Wand' });
    const to = (DeviceIndex: number) => asked(client, { [name]: { DeviceIndex, ...fields } });
    expect(await to(0)).toEqual(sentence(`Device 0 ${NOT_GRANTED}`));
    expect(await to(2)).toEqual(sentence('No device with index 2'));
    expect(client.frames.join()).not.toContain('Rabbit');
  });
});

describe.each([2, 3] as const)('v%i Raw messages', (version) => {
  const tx = { DeviceIndex: 0, Endpoint: 'tx' };
  const raw: readonly Message[] = [
    { RawWriteCmd: { ...tx, Data: [1], WriteWithResponse: false } },
    { RawReadCmd: { ...tx, Length: 1, WaitForData: false } },
    { RawSubscribeCmd: tx },
    { RawUnsubscribeCmd: tx },
  ];

  async function bootRaw() {
    const folder = await DataFolder.withSettings({ address: 'Plain', raw: true });
    const hardware = new TestHardware();
    const plugins = [hardware.plugin, protocolPlugin(plainProtocol(features(vibrate(20))))];
    const booted = await boot({ plugins, config: folder.config });
    await folder[Symbol.asyncDispose]();
    const device = hardware.device({ name: 'Plain' });
    hardware.show(device);
    await booted.clock.advance(0);
    return { booted, device };
  }

  it('are for whom the whole device is granted', async () => {
    const { booted, device } = await bootRaw();
    await using _ = booted;
    const client = await connectGranted(booted, version, { name: 'Plain' });
    expect(client.frames.join()).toContain('"RawWriteCmd"');
    for (const message of raw) expect(await asked(client, message)).not.toHaveProperty('Error');
    expect(device.take()).toEqual(['01']);
  });

  it('are neither shown to nor taken from whom only features are granted, be it every one', async () => {
    const { booted, device } = await bootRaw();
    await using _ = booted;
    const client = await connectGranted(booted, version, { name: 'Plain', features: [0, 'Vibrate'] });
    expect(client.frames.join()).not.toContain('Raw');
    for (const message of raw) {
      expect(await asked(client, message)).toEqual(failure(4, 5, /Only part of device 0 \(Plain\) is granted/));
    }
    const none = await connectGranted(booted, version);
    for (const message of raw) expect(await asked(none, message)).toEqual(sentence(`Device 0 ${NOT_GRANTED}`));
    expect(device.take()).toEqual([]);
    expect(device.subscribed.size).toBe(0);
  });
});

it.each<[Version, Message]>([
  [0, { SingleMotorVibrateCmd: { DeviceIndex: 0, Speed: 0.5 } }],
  [3, { VibrateCmd: { DeviceIndex: 0, Speeds: [{ Index: 0, Speed: 0.5 }] } }],
  [4, level(0, 0, 'Vibrate', 10)],
])('v%i: what a client with grants drives stops when its line breaks, and nothing else', async (version, message) => {
  const client = await connectGranted(gateway, version, { features: ['Vibrate'] });
  const other = await gateway.connect(4);
  expect(await asked(client, message)).toEqual(ok(5));
  expect(await asked(other, level(1, 10, 'Vibrate', 3))).toEqual(ok(5));
  expect(recording.take()).toEqual(['0 Vibrate 10', '10 Vibrate 3']);
  client.cut();
  expect(recording.take()).toEqual(['0 Vibrate 0']);
});
