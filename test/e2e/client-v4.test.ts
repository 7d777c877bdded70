import {
  ButtplugClient,
  type ButtplugClientDevice,
  type ButtplugClientInputReading,
  ButtplugNodeWebsocketClientConnector,
  DeviceOutput,
  InputCommandType,
  InputType,
  OutputType,
} from 'buttplug-v4';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LiveGateway, startLive, TESTBED } from '../support/live-gateway.js';
import { PATIENCE_MS } from '../support/timing.js';

/** npm's buttplug 5.0.2, which speaks spec version 4: over its WebSocket connector, and in-process. */

const doors = {
  'over WebSocket': ({ url }: LiveGateway) => new ButtplugNodeWebsocketClientConnector(url),
  'through embeddedConnector()': ({ gateway }: LiveGateway) => gateway.embeddedConnector(),
};

describe.each(Object.entries(doors))('buttplug 5.0.2 %s', (_name, connector) => {
  let live: LiveGateway;
  let client: ButtplugClient;
  let device: ButtplugClientDevice;

  beforeEach(async () => {
    live = await startLive();
    client = new ButtplugClient('e2e, spec 4');
    await client.connect(connector(live));
    device = only(client);
  });

  afterEach(async () => {
    if (client.connected) await client.disconnect();
    await live[Symbol.asyncDispose]();
  });

  it('shakes hands and lists the device with its features', () => {
    expect(client.serverInfo).toEqual({
      serverName: 'Pulsegate',
      maxPingTime: 0,
      protocolVersionMajor: 4,
      protocolVersionMinor: 0,
    });
    expect(device.name).toBe('Pulsegate Testbed');
    expect([...device.features.keys()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(device.features.get(1)?.outputs.get(OutputType.Rotate)?.valueRange).toEqual([-20, 20]);
    expect(device.messageTimingGap).toBe(75);
  });

  it('drives every kind of output', async () => {
    const orders = [
      DeviceOutput.Vibrate.percent(0.5),
      DeviceOutput.Rotate.value(-15),
      DeviceOutput.Oscillate.value(7),
      DeviceOutput.Constrict.value(3),
      DeviceOutput.Temperature.value(-6),
      DeviceOutput.Led.value(80),
      DeviceOutput.Spray.value(1),
      DeviceOutput.Position.value(60),
    ];
    for (const order of orders) await device.runOutput(order);
    await expect
      .poll(() => live.simulated.levels(TESTBED), { timeout: PATIENCE_MS })
      .toMatchObject({ 0: 10, 1: -15, 2: 7, 3: 3, 4: -6, 5: 80, 6: 1, 7: 60 });
  });

  it('moves a stroker for the time it asks for', async () => {
    await device.runOutput(DeviceOutput.HwPositionWithDuration.value(100, 10_000));
    await expect
      .poll(() => live.simulated.output(TESTBED, 8), { timeout: PATIENCE_MS })
      .toMatchObject({ type: 'HwPositionWithDuration', moving: true });
    expect((await live.simulated.output(TESTBED, 8)).level).toBeLessThan(50);
  });

  it('stops one device, and everything', async () => {
    await device.runOutput(DeviceOutput.Vibrate.value(13));
    await live.simulated.reaches(TESTBED, 0, 13);
    await device.stop();
    await live.simulated.reaches(TESTBED, 0, 0);
    await device.runOutput(DeviceOutput.Oscillate.value(4));
    await live.simulated.reaches(TESTBED, 2, 4);
    await client.stopAllDevices();
    await live.simulated.reaches(TESTBED, 2, 0);
  });

  it('reads the battery', async () => {
    expect(await device.battery()).toBe(100);
  });

  it('gets the readings it subscribed to, and none after it unsubscribed', async () => {
    const readings: ButtplugClientInputReading[] = [];
    client.on('inputreading', (reading) => readings.push(reading));
    const squeeze = device.features.get(11);
    await squeeze?.runInput(InputType.Pressure, InputCommandType.Subscribe);
    await live.simulated.sense(TESTBED, 11, 321);
    await expect.poll(() => readings.map(({ value }) => value)).toEqual([321]);
    await squeeze?.runInput(InputType.Pressure, InputCommandType.Unsubscribe);
    await live.simulated.sense(TESTBED, 11, 444);
    await device.battery();
    expect(readings).toHaveLength(1);
  });

  it('scans until there is no more to find', async () => {
    const finished = new Promise((resolve) => client.once('scanningfinished', resolve));
    await client.startScanning();
    expect(client.isScanning).toBe(true);
    await finished;
    expect(client.isScanning).toBe(false);
  });

  it('follows a device that drops out and comes back, and is told why it cannot be driven meanwhile', async () => {
    const removed = new Promise<ButtplugClientDevice>((resolve) => client.once('deviceremoved', resolve));
    const added = new Promise<ButtplugClientDevice>((resolve) => client.once('deviceadded', resolve));
    await live.simulated.drop(TESTBED, 0.3);
    expect(await removed).toBe(device);
    await expect(device.runOutput(DeviceOutput.Vibrate.value(13))).rejects.toThrow('No device with index 0');
    expect((await added).index).toBe(device.index);
    await only(client).runOutput(DeviceOutput.Vibrate.value(13));
    await live.simulated.reaches(TESTBED, 0, 13);
  });

  it('stops what it drove when it disconnects', async () => {
    await device.runOutput(DeviceOutput.Vibrate.value(13));
    await live.simulated.reaches(TESTBED, 0, 13);
    await client.disconnect();
    await live.simulated.reaches(TESTBED, 0, 0);
    expect(client.connected).toBe(false);
  });
});

describe.each(Object.entries(doors))('buttplug 5.0.2 %s, held to a ping time', (_name, connector) => {
  it('is stopped and cut off when it does not ping, which this library never does', async () => {
    const ping = { maxPingTime: 300 };
    await using live = await startLive({
      config: { plugins: { 'transport-websocket': ping, 'transport-embedded': ping } },
    });
    const client = new ButtplugClient('e2e, spec 4');
    const cutOff = new Promise<void>((resolve) => client.once('disconnect', resolve));
    await client.connect(connector(live));
    expect(client.serverInfo?.maxPingTime).toBe(300);
    await only(client).runOutput(DeviceOutput.Vibrate.value(13));
    await live.simulated.reaches(TESTBED, 0, 13);
    await cutOff;
    expect(client.connected).toBe(false);
    await live.simulated.reaches(TESTBED, 0, 0);
  });
});

function only(client: ButtplugClient): ButtplugClientDevice {
  const [device, ...others] = client.devices.values();
  if (!device || others.length > 0) throw new Error(`${client.devices.size} devices instead of one`);
  return device;
}
