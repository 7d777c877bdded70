import { features, at as numbered, timedPosition, vibrate } from 'pulsegate/plugin';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Booted, boot } from '../../support/boot.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { exchange, failure, ok } from './support.js';

/** B44: JSON has one kind of number, so 500.0 is whole; a fractional Duration is rounded, every other fraction refused. */

let recording: RecordingProtocol;
let gateway: Booted;
beforeAll(async () => {
  recording = new RecordingProtocol({ Toy: features(vibrate(20), numbered(3, timedPosition(100, 10_000))) });
  gateway = await boot({ plugins: [recording.plugin], devices: [{ model: 'Toy' }] });
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => void recording.take());

describe.each([0, 1, 2, 3, 4] as const)('v%i Id', (version) => {
  it.each([
    ['1.0', 1],
    ['5e2', 500],
    ['5.0E+2', 500],
    ['4294967295.0', 4_294_967_295],
    ['4.294967295e9', 4_294_967_295],
    ['0.1e1', 1],
  ])('%s is answered as %i', async (written, id) => {
    const client = await gateway.connect(version);
    expect(await exchange(gateway, client, `[{"Ping":{"Id":${written}}}]`)).toEqual([ok(id)]);
    expect(client.frames.at(-1)).toBe(`[{"Ok":{"Id":${id}}}]`);
  });

  it.each(['1.5', '0.0', '-0', '-1.0', '4294967295.5', '4294967296.0', '1e10'])('%s is no Id', async (written) => {
    const client = await gateway.connect(version);
    expect(await exchange(gateway, client, `[{"Ping":{"Id":${written}}}]`)).toEqual([failure(3, 0)]);
  });
});

it('v4 OutputCmd: whole floats in every field', async () => {
  const client = await gateway.connect(4);
  const vibrateCmd =
    '{"OutputCmd":{"Id":1.0,"DeviceIndex":0.0,"FeatureIndex":-0.0,"Command":{"Vibrate":{"Value":7.0}}}}';
  const command = '{"HwPositionWithDuration":{"Value":8e1,"Duration":500.0}}';
  const moveCmd = `{"OutputCmd":{"Id":2,"DeviceIndex":0,"FeatureIndex":3.0,"Command":${command}}}`;
  expect(await exchange(gateway, client, `[${vibrateCmd},${moveCmd}]`)).toEqual([ok(1), ok(2)]);
  expect(recording.take()).toEqual(['0 Vibrate 7', '3 HwPositionWithDuration 80 in 500']);
});

it('v4 OutputCmd: a level of -0 is off', async () => {
  const client = await gateway.connect(4);
  const order = '{"OutputCmd":{"Id":1,"DeviceIndex":0,"FeatureIndex":0,"Command":{"Vibrate":{"Value":-0.0}}}}';
  expect(await exchange(gateway, client, `[${order}]`)).toEqual([ok(1)]);
  expect(recording.take()).toEqual(['0 Vibrate 0']);
});

const roundings = [
  ['500.5', 501],
  ['500.4', 500],
  ['0.4', 0],
  ['1e-7', 0],
] as const;

it.each(roundings)('v4 HwPositionWithDuration: a Duration of %s is %i ms', async (written, duration) => {
  const client = await gateway.connect(4);
  const command = `{"HwPositionWithDuration":{"Value":1,"Duration":${written}}}`;
  const text = `[{"OutputCmd":{"Id":1,"DeviceIndex":0,"FeatureIndex":3,"Command":${command}}}]`;
  expect(await exchange(gateway, client, text)).toEqual([ok(1)]);
  expect(recording.take()).toEqual([`3 HwPositionWithDuration 1 in ${duration}`]);
});

it.each(roundings)('v1 to v3 LinearCmd: a Duration of %s is %i ms', async (written, duration) => {
  for (const version of [1, 2, 3] as const) {
    const client = await gateway.connect(version);
    const vectors = `[{"Index":0.0,"Duration":${written},"Position":0.5}]`;
    const text = `[{"LinearCmd":{"Id":1,"DeviceIndex":0,"Vectors":${vectors}}}]`;
    expect(await exchange(gateway, client, text)).toEqual([ok(1)]);
    expect(recording.take()).toEqual([`3 HwPositionWithDuration 50 in ${duration}`]);
  }
});
