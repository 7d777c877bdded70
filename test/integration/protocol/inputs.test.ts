import { battery, button, features, at as numbered, pressure, rssi, vibrate } from 'pulsegate/plugin';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Booted, boot, type TestLine } from '../../support/boot.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { failure, ok, VERSIONS } from './support.js';

/** Reading and listening, in every version that can (messages §4.3, §6; server-behaviour §10). */

const toy = features(
  numbered(0, vibrate(20)),
  numbered(3, battery({ description: 'Charge' })),
  numbered(4, rssi({ description: 'Signal' })),
  numbered(6, pressure([0, 1000], { description: 'Squeeze' })),
  numbered(7, button({ description: 'Key' })),
);

let recording: RecordingProtocol;
let gateway: Booted;
beforeEach(async () => {
  recording = new RecordingProtocol({ Toy: toy, Wand: features(vibrate(20)) });
  recording.readings.set('Battery', 81).set('RSSI', -60);
  gateway = await boot({ plugins: [recording.plugin], devices: [{ model: 'Toy' }, { model: 'Wand' }] });
});
afterEach(() => gateway[Symbol.asyncDispose]());

describe('v2', () => {
  let client: TestLine;
  beforeEach(async () => {
    client = await gateway.connect(2);
  });

  it.each([
    [81, 0.81],
    [0, 0],
    [100, 1],
    // Out of range is clamped (B42): the schema of old clients ends at 1.
    [101, 1],
    [-1, 0],
  ])('BatteryLevelCmd: %i %% reads %d', async (percent, BatteryLevel) => {
    recording.readings.set('Battery', percent);
    const reply = await client.ask({ BatteryLevelCmd: { Id: 5, DeviceIndex: 0 } });
    expect(reply).toStrictEqual({ BatteryLevelReading: { Id: 5, DeviceIndex: 0, BatteryLevel } });
  });

  it('RSSILevelCmd reads dBm', async () => {
    const reply = await client.ask({ RSSILevelCmd: { Id: 5, DeviceIndex: 0 } });
    expect(reply).toStrictEqual({ RSSILevelReading: { Id: 5, DeviceIndex: 0, RSSILevel: -60 } });
  });

  it.each(['BatteryLevelCmd', 'RSSILevelCmd'])('%s without such a sensor, or device: code 4', async (name) => {
    expect(await client.ask({ [name]: { Id: 5, DeviceIndex: 1 } })).toEqual(failure(4, 5, /Wand/));
    expect(await client.ask({ [name]: { Id: 5, DeviceIndex: 2 } })).toEqual(failure(4, 5, /index 2/));
  });
});

describe('v3', () => {
  let client: TestLine;
  beforeEach(async () => {
    client = await gateway.connect(3);
  });
  const sensor = (command: string, SensorIndex: number, SensorType: string, DeviceIndex = 0) => ({
    [command]: { Id: 5, DeviceIndex, SensorIndex, SensorType },
  });

  it('announces its sensors, each list with indexes of its own', async () => {
    const { DeviceList } = await client.ask({ RequestDeviceList: {} });
    expect(DeviceList?.Devices).toMatchObject([
      {
        DeviceMessages: {
          SensorReadCmd: [
            { FeatureDescriptor: 'Charge', SensorType: 'Battery', SensorRange: [[0, 100]] },
            { FeatureDescriptor: 'Signal', SensorType: 'RSSI', SensorRange: [[0, 255]] },
          ],
          SensorSubscribeCmd: [
            { FeatureDescriptor: 'Squeeze', SensorType: 'Pressure', SensorRange: [[0, 255]] },
            { FeatureDescriptor: 'Key', SensorType: 'Button', SensorRange: [[0, 1]] },
          ],
        },
      },
      {},
    ]);
  });

  it('SensorReadCmd answers with the index and type it was asked for', async () => {
    const reply = await client.ask(sensor('SensorReadCmd', 0, 'Battery'));
    const reading = { Id: 5, DeviceIndex: 0, SensorIndex: 0, SensorType: 'Battery', Data: [81] };
    expect(reply).toStrictEqual({ SensorReading: reading });
    const lower = await client.ask(sensor('SensorReadCmd', 0, 'battery'));
    expect(lower).toStrictEqual({ SensorReading: { ...reading, SensorType: 'battery' } });
  });

  it.each([
    [-128, 0],
    [-64, 128],
    [0, 255],
    [20, 255],
  ])('SensorReadCmd: %i dBm fits the 0 to 255 of its schema as %i', async (dbm, data) => {
    recording.readings.set('RSSI', dbm);
    const reply = await client.ask(sensor('SensorReadCmd', 1, 'RSSI'));
    expect(reply).toMatchObject({ SensorReading: { SensorType: 'RSSI', Data: [data] } });
  });

  it('SensorSubscribeCmd brings readings with Id 0 until SensorUnsubscribeCmd, repeated or not (B26)', async () => {
    client.take();
    for (const _ of [1, 2]) expect(await client.ask(sensor('SensorSubscribeCmd', 0, 'Pressure'))).toEqual(ok(5));
    for (const value of [0, 500, 1000, 2000]) recording.report(6, 'Pressure', value);
    const reading = { Id: 0, DeviceIndex: 0, SensorIndex: 0, SensorType: 'Pressure' };
    expect(client.take()).toStrictEqual(
      [0, 128, 255, 255].map((data) => ({ SensorReading: { ...reading, Data: [data] } })),
    );
    for (const _ of [1, 2]) expect(await client.ask(sensor('SensorUnsubscribeCmd', 0, 'Pressure'))).toEqual(ok(5));
    expect(recording.report(6, 'Pressure', 5)).toBe(false);
    expect(client.take()).toEqual([]);
  });

  it.each<[string, number, string, number?]>([
    ['SensorReadCmd', 0, 'RSSI'],
    ['SensorReadCmd', 2, 'Battery'],
    ['SensorReadCmd', 0, 'Pressure'],
    ['SensorReadCmd', 0, 'Battery', 1],
    ['SensorReadCmd', 0, 'Battery', 2],
    ['SensorSubscribeCmd', 0, 'Battery'],
    ['SensorSubscribeCmd', 2, 'Pressure'],
    ['SensorSubscribeCmd', 0, 'Button'],
    ['SensorUnsubscribeCmd', 0, 'Button'],
    ['SensorUnsubscribeCmd', 0, 'Pressure', 1],
  ])('%s of index %i as %s: code 4', async (command, index, type, device) => {
    expect(await client.ask(sensor(command, index, type, device))).toEqual(failure(4, 5));
  });

  it.each(['SensorReadCmd', 'SensorSubscribeCmd', 'SensorUnsubscribeCmd'])(
    '%s of a type nobody knows: code 3 (messages §8)',
    async (command) => {
      for (const type of ['Temperature', '', 'constructor', '__proto__']) {
        expect(await client.ask(sensor(command, 0, type))).toEqual(failure(3, 5));
      }
    },
  );
});

describe('v4 InputCmd', () => {
  let client: TestLine;
  beforeEach(async () => {
    client = await gateway.connect(4);
    client.take();
  });
  const inputCmd = (FeatureIndex: number, Type: string, Command: string, DeviceIndex = 0) => ({
    InputCmd: { Id: 5, DeviceIndex, FeatureIndex, Type, Command },
  });

  it.each([
    [3, 'Battery', 'Read', 'Battery', 81],
    [3, 'battery', 'read', 'Battery', 81],
    [4, 'RSSI', 'Read', 'RSSI', -60],
    [4, 'Rssi', 'Read', 'RSSI', -60],
    [4, 'rssi', 'Read', 'RSSI', -60],
  ])('Read of feature %i as %s %s (messages §4.1, §4.3, B25)', async (FeatureIndex, type, command, name, Value) => {
    const reply = await client.ask(inputCmd(FeatureIndex, type, command));
    const Reading = { [name]: { Value } };
    expect(reply).toStrictEqual({ InputReading: { Id: 5, DeviceIndex: 0, FeatureIndex, Reading } });
  });

  it('Subscribe brings readings with Id 0 until Unsubscribe, repeated or not (server-behaviour §10)', async () => {
    for (const command of ['Subscribe', 'subscribe'])
      expect(await client.ask(inputCmd(6, 'Pressure', command))).toEqual(ok(5));
    recording.report(6, 'Pressure', 999);
    recording.report(6, 'Pressure', 1001);
    const reading = (Value: number) => ({
      InputReading: { Id: 0, DeviceIndex: 0, FeatureIndex: 6, Reading: { Pressure: { Value } } },
    });
    expect(client.take()).toStrictEqual([reading(999), reading(1000)]);
    for (const _ of [1, 2]) expect(await client.ask(inputCmd(6, 'Pressure', 'Unsubscribe'))).toEqual(ok(5));
    expect(recording.report(6, 'Pressure', 5)).toBe(false);
    expect(client.take()).toEqual([]);
  });

  it.each<[string, number, string, string, number?]>([
    ['command not announced (B30)', 3, 'Battery', 'Subscribe'],
    ['command not announced (B30)', 3, 'Battery', 'Unsubscribe'],
    ['command not announced (B30)', 6, 'Pressure', 'Read'],
    ['type the feature lacks', 3, 'RSSI', 'Read'],
    ['type no feature has', 3, 'Depth', 'Read'],
    ['feature without inputs', 0, 'Battery', 'Read'],
    ['feature index in a gap', 1, 'Battery', 'Read'],
    ['feature index beyond all', 4_294_967_295, 'Button', 'Subscribe'],
    ['no such device', 3, 'Battery', 'Read', 2],
    ['no such device', 6, 'Pressure', 'Subscribe', 2],
  ])('%s: code 4', async (_what, feature, type, command, device) => {
    expect(await client.ask(inputCmd(feature, type, command, device))).toEqual(failure(4, 5));
  });

  it.each([
    ['Temperature', 'Read'],
    ['BATTERY', 'Read'],
    ['', 'Read'],
    ['constructor', 'Read'],
    ['Battery', 'Write'],
    ['Battery', ''],
    ['Battery', 'toString'],
  ])('Type %j with Command %j is unknown: code 3 (messages §8)', async (type, command) => {
    expect(await client.ask(inputCmd(3, type, command))).toEqual(failure(3, 5));
  });

  it('a read that fails in the hardware is code 4 (messages §9)', async () => {
    recording.readings.clear();
    expect(await client.ask(inputCmd(3, 'Battery', 'Read'))).toEqual(failure(4, 5, /does not answer/));
    recording.readings.set('Battery', 12);
    expect(await client.ask(inputCmd(3, 'Battery', 'Read'))).toMatchObject({ InputReading: { Id: 5 } });
  });
});

it('a reading reaches those who asked for it, each in its version, and nobody else (B26, B30)', async () => {
  const clients = await Promise.all(VERSIONS.map((version) => gateway.connect(version)));
  const bystanders = await Promise.all(VERSIONS.map((version) => gateway.connect(version)));
  for (const client of [...clients, ...bystanders]) client.take();
  const subscribed = [
    await clients[3]?.ask({ SensorSubscribeCmd: { Id: 5, DeviceIndex: 0, SensorIndex: 1, SensorType: 'Button' } }),
    await clients[4]?.ask({
      InputCmd: { Id: 5, DeviceIndex: 0, FeatureIndex: 7, Type: 'Button', Command: 'Subscribe' },
    }),
  ];
  expect(subscribed).toEqual([ok(5), ok(5)]);
  recording.report(7, 'Button', 1);
  expect(clients.map((client) => client.take())).toStrictEqual([
    [],
    [],
    [],
    [{ SensorReading: { Id: 0, DeviceIndex: 0, SensorIndex: 1, SensorType: 'Button', Data: [1] } }],
    [{ InputReading: { Id: 0, DeviceIndex: 0, FeatureIndex: 7, Reading: { Button: { Value: 1 } } } }],
  ]);
  expect(bystanders.flatMap((client) => client.take())).toEqual([]);
});
