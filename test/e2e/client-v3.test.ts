import {
  ActuatorType,
  ButtplugClient,
  type ButtplugClientDevice,
  ButtplugNodeWebsocketClientConnector,
  SensorType,
} from 'buttplug-v3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LiveGateway, startLive, TESTBED } from '../support/live-gateway.js';
import { PATIENCE_MS } from '../support/timing.js';

/** npm's buttplug 3.2.2, which speaks spec version 3. */

describe('buttplug 3.2.2 over WebSocket', () => {
  let live: LiveGateway;
  let client: ButtplugClient;
  let device: ButtplugClientDevice;

  beforeEach(async () => {
    live = await startLive();
    client = await connected(live);
    device = only(client);
  });

  afterEach(async () => {
    if (client.connected) await client.disconnect();
    await live[Symbol.asyncDispose]();
  });

  it('lists the device with what version 3 has words for (B24)', () => {
    expect(device.name).toBe('Pulsegate Testbed');
    const { ScalarCmd, RotateCmd, LinearCmd, SensorReadCmd, SensorSubscribeCmd } = device.messageAttributes;
    expect(ScalarCmd).toMatchObject([
      { ActuatorType: 'Vibrate', StepCount: 20, FeatureDescriptor: 'Vibrator' },
      { ActuatorType: 'Rotate', StepCount: 20 },
      { ActuatorType: 'Oscillate', StepCount: 20 },
      { ActuatorType: 'Constrict', StepCount: 5 },
      { ActuatorType: 'Position', StepCount: 100 },
    ]);
    expect(RotateCmd).toMatchObject([{ ActuatorType: 'Rotate', StepCount: 20 }]);
    expect(LinearCmd).toMatchObject([{ StepCount: 100, FeatureDescriptor: 'Stroker' }]);
    expect(SensorReadCmd?.[0]).toMatchObject({ SensorType: SensorType.Battery, SensorRange: [[0, 100]] });
    expect(SensorSubscribeCmd?.map((sensor) => sensor.SensorType)).toEqual([SensorType.Pressure, SensorType.Button]);
  });

  it('hears of the device once, though the gateway pushes it on connect and the client asks for it', async () => {
    const again = new ButtplugClient('e2e, spec 3, second');
    const added: number[] = [];
    again.on('deviceadded', ({ index }: ButtplugClientDevice) => added.push(index));
    await again.connect(new ButtplugNodeWebsocketClientConnector(live.url));
    expect(added).toEqual([device.index]);
    await again.disconnect();
  });

  it('drives every kind of output it knows', async () => {
    await device.vibrate(0.5);
    await device.rotate(0.75, false);
    await device.oscillate(0.35);
    await device.scalar({ Index: 3, Scalar: 0.6, ActuatorType: ActuatorType.Constrict });
    await device.scalar({ Index: 4, Scalar: 0.6, ActuatorType: ActuatorType.Position });
    await expect
      .poll(() => live.simulated.levels(TESTBED), { timeout: PATIENCE_MS })
      .toMatchObject({ 0: 10, 1: -15, 2: 7, 3: 3, 7: 60 });
    await device.linear(1, 10_000);
    await expect
      .poll(() => live.simulated.output(TESTBED, 8), { timeout: PATIENCE_MS })
      .toMatchObject({ moving: true });
  });

  it('reads the battery', async () => {
    expect(device.hasBattery).toBe(true);
    expect(await device.battery()).toBe(1);
  });

  it('stops one device, and everything', async () => {
    await device.vibrate(1);
    await live.simulated.reaches(TESTBED, 0, 20);
    await device.stop();
    await live.simulated.reaches(TESTBED, 0, 0);
    await device.oscillate(1);
    await live.simulated.reaches(TESTBED, 2, 20);
    await client.stopAllDevices();
    await live.simulated.reaches(TESTBED, 2, 0);
  });

  it('scans until there is no more to find', async () => {
    const finished = new Promise((resolve) => client.once('scanningfinished', resolve));
    await client.startScanning();
    await finished;
    expect(client.isScanning).toBe(false);
  });

  it('stops what it drove when it disconnects', async () => {
    await device.vibrate(1);
    await live.simulated.reaches(TESTBED, 0, 20);
    await client.disconnect();
    await live.simulated.reaches(TESTBED, 0, 0);
  });
});

it('buttplug 3.2.2, held to a ping time, is stopped and cut off when it does not ping, which it never does', async () => {
  await using live = await startLive({ config: { plugins: { 'transport-websocket': { maxPingTime: 300 } } } });
  const client = await connected(live);
  const cutOff = new Promise<void>((resolve) => client.once('disconnect', resolve));
  await only(client).vibrate(1);
  await live.simulated.reaches(TESTBED, 0, 20);
  await cutOff;
  await live.simulated.reaches(TESTBED, 0, 0);
  await expect(client.stopAllDevices()).rejects.toThrow('not connected');
});

async function connected({ url }: LiveGateway): Promise<ButtplugClient> {
  const client = new ButtplugClient('e2e, spec 3');
  await client.connect(new ButtplugNodeWebsocketClientConnector(url));
  return client;
}

function only(client: ButtplugClient): ButtplugClientDevice {
  const [device, ...others] = client.devices;
  if (!device || others.length > 0) throw new Error(`${client.devices.length} devices instead of one`);
  return device;
}
