import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Booted } from '../../support/boot.js';
import { input, level, move } from '../../support/messages.js';
import type { RecordingProtocol } from '../../support/recording-protocol.js';
import { ok } from '../protocol/support.js';
import { bootPair, connectGranted } from './support.js';

/** A client with device grants stops what it may use, whoever drives it, and nothing else. */

let gateway: Booted;
let recording: RecordingProtocol;
beforeEach(async () => {
  ({ gateway, recording } = await bootPair({ maxPingTimeMs: 1000, config: { safety: { onPingTimeout: 'all' } } }));
});
afterEach(() => gateway[Symbol.asyncDispose]());

/** Everything that can be on is on, driven by a client without grants. */
async function everythingOn() {
  const driver = await gateway.connect(4, 'driver');
  for (const message of [
    level(0, 0, 'Vibrate', 9),
    level(0, 1, 'Rotate', -9),
    move(0, 4, 100, 9000),
    level(0, 5, 'Constrict', 2),
    level(1, 10, 'Vibrate', 9),
    level(1, 10, 'Rotate', 9),
    level(1, 11, 'Vibrate', 2),
  ]) {
    expect(await driver.ask(message)).toMatchObject({ Ok: {} });
  }
  recording.take();
  return driver;
}

const RABBIT_OFF = ['0 Vibrate 0', '1 Rotate 0', '4 HwPositionWithDuration 0 in 100', '5 Constrict 0'];
const WAND_OFF = ['10 Vibrate 0', '10 Rotate 0', '11 Vibrate 0'];

it.each<[object[], string[]]>([
  [[], []],
  [[{}], [...RABBIT_OFF, ...WAND_OFF]],
  [[{ name: 'Wand' }], WAND_OFF],
  [[{ features: ['Vibrate'] }], ['0 Vibrate 0', '10 Vibrate 0', '11 Vibrate 0']],
  [[{ features: ['Battery', 'Button'] }], []],
  [
    [
      { index: 0, features: ['Head'] },
      { index: 1, features: ['Rotate'] },
    ],
    ['1 Rotate 0', '10 Rotate 0'],
  ],
])('%j: a stop of everything stops %j', async (grants, orders) => {
  await everythingOn();
  for (const version of [0, 3, 4] as const) {
    const client = await connectGranted(gateway, version, ...grants);
    const stop = version === 4 ? { StopCmd: { Id: 5 } } : { StopAllDevices: { Id: 5 } };
    expect(await client.ask(stop)).toEqual(ok(5));
    expect(recording.take()).toEqual(orders);
    await everythingOn();
  }
});

describe('of one device', () => {
  it('v4 StopCmd stops what is granted of it, or of one feature', async () => {
    await everythingOn();
    const client = await connectGranted(gateway, 4, { index: 1, features: ['Vibrate'] });
    expect(await client.ask({ StopCmd: { Id: 5, DeviceIndex: 1, FeatureIndex: 10 } })).toEqual(ok(5));
    expect(recording.take()).toEqual(['10 Vibrate 0']);
    expect(await client.ask({ StopCmd: { Id: 6, DeviceIndex: 1 } })).toEqual(ok(6));
    expect(recording.take()).toEqual(['11 Vibrate 0']);
  });

  it.each([0, 1, 2, 3] as const)('v%i StopDeviceCmd stops what is granted of it', async (version) => {
    await everythingOn();
    const client = await connectGranted(gateway, version, { index: 0, features: ['Rotate', 5] });
    expect(await client.ask({ StopDeviceCmd: { Id: 5, DeviceIndex: 0 } })).toEqual(ok(5));
    expect(recording.take()).toEqual(['1 Rotate 0', '5 Constrict 0']);
  });
});

it('a stop of inputs ends what the client itself listens to', async () => {
  const client = await connectGranted(gateway, 4, { features: ['Button'] });
  const other = await gateway.connect(4);
  for (const listener of [client, other]) await listener.ask(input(1, 10, 'Button', 'Subscribe'));
  expect(await client.ask({ StopCmd: { Id: 5 } })).toEqual(ok(5));
  for (const listener of [client, other]) listener.take();
  recording.report(10, 'Button', 1);
  expect([client, other].map((listener) => listener.take().length)).toEqual([0, 1]);
});

it('a missed ping still stops every device, whatever its client was granted', async () => {
  const driver = await everythingOn();
  const client = await connectGranted(gateway, 4);
  await gateway.clock.advance(500);
  await driver.ask({ Ping: {} });
  await gateway.clock.advance(499);
  expect(recording.take()).toEqual([]);
  await gateway.clock.advance(1);
  expect(client.closeReason).toMatchObject({ text: 'ping missed' });
  expect(driver.closeReason).toBeUndefined();
  expect(recording.take()).toHaveLength(RABBIT_OFF.length + WAND_OFF.length);
});
