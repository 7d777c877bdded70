import { button, combined, features, at as numbered, timedPosition, vibrate } from 'pulsegate/plugin';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Booted, boot, type Message, type TestLine } from '../../support/boot.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { exchange, failure, ok, type Version } from './support.js';

/** The stops of every version, and what each covers (B9). */

let recording: RecordingProtocol;
let gateway: Booted;
beforeEach(async () => {
  recording = new RecordingProtocol({
    // Each feature has an index of its own, so that an order names the device it was for.
    One: features(
      numbered(0, vibrate(20)),
      numbered(1, combined(vibrate(20), button())),
      numbered(2, timedPosition(100, 9000)),
    ),
    Two: features(numbered(10, vibrate(20)), numbered(11, button())),
  });
  gateway = await boot({ plugins: [recording.plugin], devices: [{ model: 'One' }, { model: 'Two' }] });
});
afterEach(() => gateway[Symbol.asyncDispose]());

const ALL_ON = [
  [0, 0],
  [0, 1],
  [1, 10],
] as const;

/** A client that listens to both buttons, after everything that vibrates was switched on. */
async function everythingOn(version: Version): Promise<TestLine> {
  const driver = await gateway.connect(4, 'driver');
  for (const [DeviceIndex, FeatureIndex] of ALL_ON) {
    const Command = { Vibrate: { Value: 9 } };
    expect(await driver.ask({ OutputCmd: { Id: 5, DeviceIndex, FeatureIndex, Command } })).toEqual(ok(5));
  }
  recording.take();
  const client = await gateway.connect(version);
  client.take();
  return client;
}

describe.each([0, 1, 2, 3] as const)('v%i', (version) => {
  it('StopAllDevices stops every device', async () => {
    const client = await everythingOn(version);
    expect(await client.ask({ StopAllDevices: { Id: 6 } })).toEqual(ok(6));
    expect(recording.take()).toEqual(['0 Vibrate 0', '1 Vibrate 0', '10 Vibrate 0']);
  });

  it('StopDeviceCmd stops its device alone', async () => {
    const client = await everythingOn(version);
    expect(await client.ask({ StopDeviceCmd: { Id: 6, DeviceIndex: 1 } })).toEqual(ok(6));
    expect(recording.take()).toEqual(['10 Vibrate 0']);
    expect(await client.ask({ StopDeviceCmd: { Id: 7, DeviceIndex: 0 } })).toEqual(ok(7));
    expect(recording.take()).toEqual(['0 Vibrate 0', '1 Vibrate 0']);
  });

  it('StopDeviceCmd of a device that does not exist is code 4 and stops nothing', async () => {
    const client = await everythingOn(version);
    expect(await client.ask({ StopDeviceCmd: { Id: 6, DeviceIndex: 2 } })).toEqual(failure(4, 6, /index 2/));
    expect(recording.take()).toEqual([]);
  });
});

describe('v4 StopCmd', () => {
  const stopped = async (fields: Message[string]) => {
    const client = await everythingOn(4);
    expect(await client.ask({ StopCmd: { Id: 6, ...fields } })).toEqual(ok(6));
    return recording.take();
  };

  it.each<[object, string[]]>([
    [{}, ['0 Vibrate 0', '1 Vibrate 0', '10 Vibrate 0']],
    [{ Outputs: true }, ['0 Vibrate 0', '1 Vibrate 0', '10 Vibrate 0']],
    [{ Inputs: false }, ['0 Vibrate 0', '1 Vibrate 0', '10 Vibrate 0']],
    [{ Outputs: false }, []],
    [{ DeviceIndex: 0 }, ['0 Vibrate 0', '1 Vibrate 0']],
    [{ DeviceIndex: 0, FeatureIndex: 1 }, ['1 Vibrate 0']],
    [{ DeviceIndex: 0, FeatureIndex: 1, Outputs: false }, []],
    [{ DeviceIndex: 1, FeatureIndex: 11 }, []],
    // Without a device the feature means nothing.
    [{ FeatureIndex: 1 }, ['0 Vibrate 0', '1 Vibrate 0', '10 Vibrate 0']],
    [{ FeatureIndex: 99 }, ['0 Vibrate 0', '1 Vibrate 0', '10 Vibrate 0']],
  ])('%j', async (fields, orders) => {
    expect(await stopped({ ...fields })).toEqual(orders);
  });

  it.each<[object, string[]]>([
    [{}, []],
    [{ Inputs: false }, ['1', '11']],
    [{ Outputs: false }, []],
    [{ DeviceIndex: 0 }, ['11']],
    [{ DeviceIndex: 0, FeatureIndex: 0 }, ['1', '11']],
    [{ DeviceIndex: 0, FeatureIndex: 1 }, ['11']],
    [{ DeviceIndex: 1, FeatureIndex: 11, Inputs: false }, ['1', '11']],
  ])('%j leaves the client listening to features %j', async (fields, left) => {
    const client = await gateway.connect(4);
    for (const [DeviceIndex, FeatureIndex] of [
      [0, 1],
      [1, 11],
    ]) {
      const subscribe = { InputCmd: { Id: 4, DeviceIndex, FeatureIndex, Type: 'Button', Command: 'Subscribe' } };
      expect(await client.ask(subscribe)).toEqual(ok(4));
    }
    expect(await client.ask({ StopCmd: { Id: 6, ...fields } })).toEqual(ok(6));
    client.take();
    recording.report(1, 'Button', 1);
    recording.report(11, 'Button', 1);
    const heard = client.take().map(({ InputReading }) => String(InputReading?.FeatureIndex));
    expect(heard).toEqual(left);
  });

  it.each([{ DeviceIndex: 2 }, { DeviceIndex: 2, Outputs: false }, { DeviceIndex: 0, FeatureIndex: 10 }])(
    '%j names what does not exist: code 4, nothing stops',
    async (fields) => {
      const client = await everythingOn(4);
      expect(await client.ask({ StopCmd: { Id: 6, ...fields } })).toEqual(failure(4, 6));
      expect(recording.take()).toEqual([]);
    },
  );

  it('outputs work again after a stop, the same level too (server-behaviour §8)', async () => {
    const client = await gateway.connect(4);
    const order = { OutputCmd: { Id: 5, DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: 9 } } } };
    expect(await client.ask(order)).toEqual(ok(5));
    expect(await client.ask({ StopCmd: { Id: 6 } })).toEqual(ok(6));
    expect(await client.ask(order)).toEqual(ok(5));
    expect(recording.take().filter((line) => line.startsWith('0 '))).toEqual([
      '0 Vibrate 9',
      '0 Vibrate 0',
      '0 Vibrate 9',
    ]);
  });
});

describe('v4 Disconnect (B8)', () => {
  it('stops what the client drove, answers Ok, closes, and takes nothing more', async () => {
    const client = await gateway.connect(4);
    const Command = { Vibrate: { Value: 9 } };
    expect(await client.ask({ OutputCmd: { Id: 5, DeviceIndex: 0, FeatureIndex: 0, Command } })).toEqual(ok(5));
    expect(await client.ask({ Disconnect: { Id: 6 } })).toEqual(ok(6));
    expect(client.closeReason).toMatchObject({ kind: 'normal' });
    expect(recording.take()).toEqual(['0 Vibrate 9', '0 Vibrate 0']);
    expect(await exchange(gateway, client, '[{"Ping":{"Id":7}}]')).toEqual([]);
  });

  it('ends the frame it is in: what follows is not carried out', async () => {
    const client = await gateway.connect(4);
    const order = '{"OutputCmd":{"Id":7,"DeviceIndex":0,"FeatureIndex":0,"Command":{"Vibrate":{"Value":9}}}}';
    expect(await exchange(gateway, client, `[{"Disconnect":{"Id":6}},${order}]`)).toEqual([ok(6)]);
    expect(recording.take()).toEqual([]);
  });
});
