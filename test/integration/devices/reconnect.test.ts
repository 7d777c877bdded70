import {
  at,
  battery,
  defineProtocol,
  type FeaturePart,
  features,
  otherwise,
  packet,
  vibrate,
  webSocket,
} from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { boot } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { input, level } from '../../support/messages.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';

const GONE = { Error: { ErrorCode: 4 } };

/** A gateway with a Plain of a hundred motors (index 0) and a Lovense Edge that has nothing to do with it (index 1). */
async function bootHundred(config: Readonly<Record<string, object>> = {}) {
  const hardware = new TestHardware();
  const motors = Array.from({ length: 100 }, (_, index): FeaturePart => at(index, vibrate(20)));
  const gateway = await boot({
    plugins: [hardware.plugin, protocolPlugin(plainProtocol(features(...motors)))],
    devices: [{ model: 'Lovense Edge', present: 'on-scan', messageGap: 0 }],
    config,
  });
  const device = hardware.device({ name: 'Plain' });
  hardware.show(device);
  await gateway.clock.advance(0);
  const client = await gateway.connect();
  await client.ask({ StartScanning: {} });
  await gateway.clock.advance(100);
  client.take();
  return { gateway, hardware, device, client };
}

describe('a device that drops out', () => {
  it('comes back without anyone scanning, with the same index, and everybody is told', async () => {
    const { gateway, device, client } = await bootHundred();
    await using _gateway = gateway;
    const old = await gateway.connect(3);
    old.take();
    device.drop();
    expect(client.take()).toMatchObject([{ DeviceList: { Id: 0, Devices: { 1: {} } } }]);
    expect(old.take()).toEqual([{ DeviceRemoved: { Id: 0, DeviceIndex: 0 } }]);
    await gateway.clock.advance(500);
    expect(client.take()).toMatchObject([{ DeviceList: { Id: 0, Devices: { 0: { DeviceName: 'Plain' }, 1: {} } } }]);
    expect(old.take()).toMatchObject([{ DeviceAdded: { Id: 0, DeviceIndex: 0 } }]);
    expect(await client.ask(level(0, 0, 'Vibrate', 3))).toMatchObject({ Ok: {} });
  });

  it('is tried again and again, with pauses that grow to 30 s', async () => {
    const { gateway, device } = await bootHundred();
    await using _gateway = gateway;
    device.unreachable = true;
    const start = gateway.clock.now();
    device.drop();
    const tries: number[] = [];
    const tried = () => gateway.log.filter((line) => line.includes('not back yet')).length;
    while (tries.length < 9) {
      await gateway.clock.advance(500);
      if (tried() > tries.length) tries.push((gateway.clock.now() - start) / 1000);
    }
    expect(tries).toEqual([0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 61.5, 91.5, 121.5]);
    device.unreachable = false;
    await gateway.clock.advance(30_000);
    expect(device.link).toBeDefined();
  });

  it('again as soon as it is back, because it takes no packet, is not tried twice a second for ever', async () => {
    const { gateway, device, client } = await bootHundred();
    await using _gateway = gateway;
    await client.ask(level(0, 0, 'Vibrate', 9));
    await gateway.clock.advance(0);
    // Not even its stop.
    device.refuses = () => true;
    await client.ask({ StopCmd: {} });
    await gateway.clock.advance(60_000);
    const tries = device.links.length;
    expect(tries).toBeLessThan(10);
    device.refuses = () => false;
    await gateway.clock.advance(60_000);
    expect(device.link, 'and stays once it does').toBeDefined();
    expect(device.take()).toContain('0000');
    // A good connection is forgiven: the next drop is followed up at once.
    device.drop();
    await gateway.clock.advance(500);
    expect(device.link).toBeDefined();
  });

  it('is connected at once when it is seen before its turn', async () => {
    const { gateway, hardware, device } = await bootHundred();
    await using _gateway = gateway;
    device.unreachable = true;
    device.drop();
    await gateway.clock.advance(20_000);
    device.unreachable = false;
    hardware.show(device);
    await gateway.clock.advance(0);
    expect(device.link).toBeDefined();
    const { length } = device.links;
    await gateway.clock.advance(60_000);
    expect(device.links, 'and not a second time when its turn comes').toHaveLength(length);
  });

  it('is left alone where reconnecting is off, until it is seen', async () => {
    const { gateway, hardware, device } = await bootHundred({ devices: { reconnect: { enabled: false } } });
    await using _gateway = gateway;
    device.drop();
    await gateway.clock.advance(60_000);
    expect(device.links).toHaveLength(1);
    hardware.show(device);
    await gateway.clock.advance(0);
    expect(device.link).toBeDefined();
  });

  it('is told to stop when it comes back: nobody is in charge of what it was doing', async () => {
    const { gateway, device, client } = await bootHundred();
    await using _gateway = gateway;
    await client.ask(level(0, 7, 'Vibrate', 15));
    await gateway.clock.advance(0);
    device.drop();
    device.take();
    await gateway.clock.advance(500);
    expect(device.take()).toContain('0700');
  });

  it('twice, the second time while it is being connected, is tried on', async () => {
    const hardware = new TestHardware();
    const dropsWhileOpening = { left: 0 };
    const protocol = defineProtocol({
      ...plainProtocol(features(vibrate(20))),
      open: async ({ link }) => {
        dropsWhileOpening.left -= 1;
        if (dropsWhileOpening.left >= 0) await link.disconnect();
        return { output: ({ value }) => [packet(0, [0, value])] };
      },
    });
    await using gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(protocol)] });
    const device = hardware.device({ name: 'Plain' });
    hardware.show(device);
    await gateway.clock.advance(0);
    dropsWhileOpening.left = 2;
    device.drop();
    await gateway.clock.advance(500 + 1000 + 2000);
    expect(device.links).toHaveLength(4);
    expect(device.link).toBeDefined();
  });

  it('together with others gets its own index back, whoever is first', async () => {
    const hardware = new TestHardware();
    const names = ['A', 'B', 'C'];
    const protocols = names.map((name) => plainProtocol(features(vibrate(20)), { name }));
    await using gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(...protocols)] });
    const devices = names.map((name) => hardware.device({ name }));
    hardware.show(...devices);
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    const before = client.take().at(-1);
    for (const device of devices) device.drop();
    for (const device of devices.toReversed()) {
      hardware.show(device);
      await gateway.clock.advance(0);
    }
    expect(client.take().at(-1)).toEqual(before);
  });

  it('is not waited for any more when the gateway stops, or its plugin does', async () => {
    const { gateway, hardware, device } = await bootHundred();
    device.unreachable = true;
    device.drop();
    hardware.fail('the adapter was pulled out');
    await gateway.clock.advance(0);
    device.unreachable = false;
    await gateway.clock.advance(60_000);
    expect(device.links).toHaveLength(1);
    await gateway[Symbol.asyncDispose]();
    expect(gateway.clock.waiting).toBe(0);
  });

  it('has the same index after a restart of the gateway', async () => {
    await using folder = await DataFolder.create();
    const first = await bootHundred(folder.config);
    await first.gateway[Symbol.asyncDispose]();
    const hardware = new TestHardware();
    // This time the others are there before it.
    await using gateway = await boot({
      plugins: [hardware.plugin, protocolPlugin(plainProtocol(features(vibrate(20))))],
      devices: [{ model: 'Lovense Edge' }, { model: 'The Handy' }],
      config: folder.config,
    });
    hardware.show(hardware.device({ name: 'Plain' }));
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    expect(client.take()).toMatchObject([
      {
        DeviceList: {
          Devices: { 0: { DeviceName: 'Plain' }, 1: { DeviceName: 'Lovense Edge' }, 2: { DeviceName: 'The Handy' } },
        },
      },
    ]);
  });
});

describe('a device that drops out in the middle of something', () => {
  it('of 100 queued writes: the rest is dropped for good, and every command gets code 4', async () => {
    const { gateway, device, client } = await bootHundred();
    await using _gateway = gateway;
    device.latencyMs = 10;
    for (let feature = 0; feature < 100; feature += 1) {
      expect(await client.ask(level(0, feature, 'Vibrate', 9))).toMatchObject({ Ok: {} });
    }
    await gateway.clock.advance(305);
    device.drop();
    const written = device.take();
    expect(written).toHaveLength(30);
    expect(await client.ask(level(0, 50, 'Vibrate', 4))).toMatchObject(GONE);
    expect(await client.ask({ StopCmd: { DeviceIndex: 0 } })).toMatchObject(GONE);
    await gateway.clock.advance(5000);
    expect(device.link, 'it is back').toBeDefined();
    expect(
      device.take().filter((hex) => !hex.endsWith('00')),
      'and nothing old was written',
    ).toEqual([]);
  });

  it('of 100 queued writes: no other device, no client and no log is disturbed', async () => {
    const { gateway, device, client } = await bootHundred();
    await using _gateway = gateway;
    const other = await gateway.connect();
    await other.ask(level(1, 0, 'Vibrate', 6));
    device.latencyMs = 10;
    for (let feature = 0; feature < 100; feature += 1) await client.ask(level(0, feature, 'Vibrate', 9));
    await gateway.clock.advance(305);
    gateway.log.length = 0;
    device.drop();
    await gateway.clock.advance(100);
    expect((await gateway.toy('lovense-edge-1')).outputs[0]).toMatchObject({ level: 6 });
    expect(await other.ask(level(1, 0, 'Vibrate', 7))).toMatchObject({ Ok: {} });
    expect((await gateway.toy('lovense-edge-1')).outputs[0]).toMatchObject({ level: 7 });
    for (const { closeReason } of [client, other]) expect(closeReason).toBeUndefined();
    expect(gateway.log.filter((line) => /"level":(40|50|60)/.test(line))).toEqual([]);
  });

  it('of a read: the read gets code 4 with its Id, and reads of other devices go on', async () => {
    const hardware = new TestHardware();
    const sensor = defineProtocol({
      id: 'sensor',
      brand: 'Test',
      links: [webSocket('Sensor')],
      models: [otherwise('Sensor', features(battery()))],
      open: ({ link }) => ({ output: () => [], read: async () => (await link.read('rx'))[0] ?? 0 }),
    });
    await using gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(sensor)] });
    const [one, two] = ['one', 'two'].map((address) => hardware.device({ name: 'Sensor', address }));
    if (!one || !two) throw new Error('There are two devices');
    for (const device of [one, two]) {
      device.latencyMs = 100;
      device.readable = [77];
    }
    hardware.show(one, two);
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    client.take();
    const read = (Id: number, DeviceIndex: number) => ({
      InputCmd: { Id, DeviceIndex, FeatureIndex: 0, Type: 'Battery', Command: 'Read' },
    });
    client.tell(read(7, 0), read(8, 1));
    await gateway.clock.advance(50);
    one.drop();
    await gateway.clock.advance(100);
    const replies = client.take().filter((message) => !message.DeviceList);
    expect(replies).toMatchObject([
      { Error: { Id: 7, ErrorCode: 4 } },
      { InputReading: { Id: 8, DeviceIndex: 1, Reading: { Battery: { Value: 77 } } } },
    ]);
  });

  it('of a subscription: code 4, and the next subscription after it is back works', async () => {
    await using gateway = await boot({ devices: [{ model: 'Pulsegate Testbed', latency: 100 }] });
    await gateway.clock.advance(200);
    const client = await gateway.connect();
    const subscribe = input(0, 11, 'Pressure', 'Subscribe');
    client.take();
    client.tell({ InputCmd: { Id: 7, ...subscribe.InputCmd } });
    await gateway.post('/api/simulated/pulsegate-testbed-1/disconnect', { awayFor: 1 });
    await gateway.clock.advance(0);
    expect(client.take().filter((message) => !message.DeviceList)).toMatchObject([{ Error: { Id: 7, ErrorCode: 4 } }]);
    await gateway.clock.advance(5000);
    expect(await client.ask(subscribe)).toMatchObject({ Ok: {} });
    client.take();
    await gateway.post('/api/simulated/pulsegate-testbed-1/sensors', { feature: 11, value: 12 });
    expect(client.take()).toMatchObject([{ InputReading: { Reading: { Pressure: { Value: 12 } } } }]);
  });
});
