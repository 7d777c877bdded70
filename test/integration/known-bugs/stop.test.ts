import { combined, features, oscillate, timedPosition, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { type Booted, boot } from '../../support/boot.js';
import { level, move } from '../../support/messages.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { protocolPlugin, type TestDevice, TestHardware } from '../../support/test-hardware.js';

const TWO = features(vibrate(20), vibrate(20));

/** Two devices with two motors each, all of them at 5. */
async function bootTwo() {
  const hardware = new TestHardware();
  const gateway = await boot({
    plugins: [hardware.plugin, protocolPlugin(plainProtocol(TWO, { name: 'A' }), plainProtocol(TWO, { name: 'B' }))],
  });
  const devices = [hardware.device({ name: 'A' }), hardware.device({ name: 'B' })] as const;
  hardware.show(...devices);
  await gateway.clock.advance(0);
  const client = await gateway.connect();
  for (const device of [0, 1]) for (const feature of [0, 1]) await client.ask(level(device, feature, 'Vibrate', 5));
  await gateway.clock.advance(0);
  for (const device of devices) device.take();
  return { gateway, client, a: devices[0], b: devices[1] };
}

const taken = async (gateway: Booted, ...devices: readonly TestDevice[]) => {
  await gateway.clock.advance(0);
  return devices.map((device) => device.take());
};
const BOTH_OFF = ['0000', '0100'];

describe('B9: a stop stops what it names', () => {
  it.each([
    { scope: {}, a: BOTH_OFF, b: BOTH_OFF },
    { scope: { DeviceIndex: 1 }, a: [], b: BOTH_OFF },
    { scope: { DeviceIndex: 0, FeatureIndex: 1 }, a: ['0100'], b: [] },
    { scope: { FeatureIndex: 1 }, a: BOTH_OFF, b: BOTH_OFF },
    { scope: { Outputs: false }, a: [], b: [] },
  ])('B9: StopCmd with $scope', async ({ scope, a: expectedA, b: expectedB }) => {
    const { gateway, client, a, b } = await bootTwo();
    await using _gateway = gateway;
    expect(await client.ask({ StopCmd: scope })).toMatchObject({ Ok: {} });
    expect(await taken(gateway, a, b)).toEqual([expectedA, expectedB]);
  });

  it.each([0, 1, 2, 3] as const)('B9: StopDeviceCmd of a version %i client stops that device', async (version) => {
    const { gateway, a, b } = await bootTwo();
    await using _gateway = gateway;
    const client = await gateway.connect(version);
    expect(await client.ask({ StopDeviceCmd: { DeviceIndex: 0 } })).toMatchObject({ Ok: {} });
    expect(await taken(gateway, a, b)).toEqual([BOTH_OFF, []]);
    expect(await client.ask({ StopAllDevices: {} })).toMatchObject({ Ok: {} });
    expect(await taken(gateway, a, b)).toEqual([[], BOTH_OFF]);
  });

  it('B9: a device or feature that does not exist is code 4, and nothing stops', async () => {
    const { gateway, client, a, b } = await bootTwo();
    await using _gateway = gateway;
    const old = await gateway.connect(2);
    const refused = { Error: { ErrorCode: 4 } };
    expect(await client.ask({ StopCmd: { DeviceIndex: 2 } })).toMatchObject(refused);
    expect(await client.ask({ StopCmd: { DeviceIndex: 0, FeatureIndex: 2 } })).toMatchObject(refused);
    expect(await old.ask({ StopDeviceCmd: { DeviceIndex: 7 } })).toMatchObject(refused);
    expect(await taken(gateway, a, b)).toEqual([[], []]);
  });

  it('B9: a stop also reaches what another client drives', async () => {
    const { gateway, a } = await bootTwo();
    await using _gateway = gateway;
    const other = await gateway.connect();
    await other.ask({ StopCmd: { DeviceIndex: 0 } });
    expect(await taken(gateway, a)).toEqual([BOTH_OFF]);
  });
});

describe('B16: the gateway stops', () => {
  it('B16: every stop is written before its device is disconnected, on slow links with a gap too', async () => {
    const hardware = new TestHardware();
    const gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(plainProtocol(TWO))] });
    const device = hardware.device({ name: 'Plain', messageGapMs: 75 });
    hardware.show(device);
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    device.latencyMs = 100;
    await client.ask(level(0, 0, 'Vibrate', 5));
    await client.ask(level(0, 1, 'Vibrate', 6));
    await gateway.clock.advance(50);
    let open: string[] | undefined;
    device.link?.on('disconnected', () => {
      open = device.take();
    });
    await gateway[Symbol.asyncDispose]();
    // The first level was on its way already; the second never left. Both stops are repeated after the gap.
    expect(open).toEqual(['0005', '0000', '0100', '0000', '0100']);
  });

  it('B16: a device that hangs costs no more than safety.stopTimeout, and keeps no other from its stop', async () => {
    const hardware = new TestHardware();
    const gateway = await boot({
      plugins: [hardware.plugin, protocolPlugin(plainProtocol(TWO, { name: 'A' }), plainProtocol(TWO, { name: 'B' }))],
      config: { safety: { stopTimeout: 400 } },
    });
    const [a, b] = [hardware.device({ name: 'A' }), hardware.device({ name: 'B' })];
    hardware.show(a, b);
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    for (const index of [0, 1]) await client.ask(level(index, 0, 'Vibrate', 5));
    await gateway.clock.advance(0);
    a.hangs = true;
    b.take();
    const start = gateway.clock.now();
    let releasedAfter: number | undefined;
    a.link?.on('disconnected', () => {
      releasedAfter = gateway.clock.now() - start;
    });
    await gateway[Symbol.asyncDispose]();
    expect(b.take()).toEqual(BOTH_OFF);
    expect(releasedAfter).toBe(400);
    expect(gateway.log.filter((line) => line.includes('could not finish its stop'))).toHaveLength(1);
  });

  it('B16: no order gets in behind the stop', async () => {
    const { gateway, client, a } = await bootTwo();
    const stopping = gateway.gateway.stop();
    client.tell({ OutputCmd: { Id: 9, DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: 20 } } } });
    await gateway[Symbol.asyncDispose]();
    await stopping;
    expect(a.take()).toEqual(BOTH_OFF);
    expect(client.closeReason?.kind).toBe('going-away');
  });
});

describe('B31: a feature with two outputs', () => {
  it('B31: both are stopped', async () => {
    const protocol = new RecordingProtocol({ Twin: features(combined(vibrate(20), oscillate(10))) });
    await using gateway = await boot({ devices: [{ model: 'Twin' }], plugins: [protocol.plugin] });
    const client = await gateway.connect();
    await client.ask(level(0, 0, 'Oscillate', 4));
    await client.ask(level(0, 0, 'Vibrate', 5));
    protocol.take();
    await client.ask({ StopCmd: {} });
    expect(protocol.take()).toEqual(['0 Vibrate 0', '0 Oscillate 0']);
  });

  it('B31: a timed move that is under way ends where it is', async () => {
    const protocol = new RecordingProtocol({ Stroker: features(timedPosition(100, 10_000)) });
    await using gateway = await boot({ devices: [{ model: 'Stroker' }], plugins: [protocol.plugin] });
    const client = await gateway.connect();
    await client.ask(move(0, 0, 100, 10_000));
    await gateway.clock.advance(4000);
    await client.ask({ StopCmd: {} });
    expect(protocol.take()).toEqual(['0 HwPositionWithDuration 100 in 10000', '0 HwPositionWithDuration 40 in 100']);
  });
});
