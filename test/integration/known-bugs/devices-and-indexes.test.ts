import {
  bluetooth,
  defineProtocol,
  features,
  otherwise,
  type ProtocolDefinition,
  packet,
  vibrate,
  webSocket,
} from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { boot } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { level } from '../../support/messages.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';

const MOTORS = features(vibrate(20), vibrate(20));
const plain = (...names: readonly string[]) => protocolPlugin(...names.map((name) => plainProtocol(MOTORS, { name })));

describe('B28: a device arrives on an index that is taken', () => {
  /** Two devices that their owner gave the same index; the second takes it from the first. */
  async function bootRivals(folder: DataFolder) {
    const hardware = new TestHardware();
    const gateway = await boot({ plugins: [hardware.plugin, plain('A', 'B')], config: folder.config });
    const [a, b] = [hardware.device({ name: 'A' }), hardware.device({ name: 'B' })];
    hardware.show(a);
    await gateway.clock.advance(0);
    return { gateway, hardware, a, b, client: await gateway.connect() };
  }
  const sameIndex = () => DataFolder.withSettings({ address: 'A', index: 5 }, { address: 'B', index: 5 });

  it('B28: the late goodbye of the old device does not remove the new one', async () => {
    await using folder = await sameIndex();
    const { gateway, hardware, a, b, client } = await bootRivals(folder);
    await using _gateway = gateway;
    client.take();
    hardware.show(b);
    await gateway.clock.advance(0);
    for (const link of a.links) link.repeatGoodbye();
    await gateway.clock.advance(0);
    expect(client.take().at(-1)).toMatchObject({ DeviceList: { Devices: { 5: { DeviceName: 'B' } } } });
    expect(await client.ask(level(5, 0, 'Vibrate', 3))).toMatchObject({ Ok: {} });
    await gateway.clock.advance(0);
    expect(b.take()).toEqual(['0003']);
  });

  it('B28: the old device is stopped, all of it, before it is disconnected', async () => {
    await using folder = await sameIndex();
    const { gateway, hardware, a, b, client } = await bootRivals(folder);
    await using _gateway = gateway;
    for (const feature of [0, 1]) await client.ask(level(5, feature, 'Vibrate', 9));
    await gateway.clock.advance(0);
    a.take();
    hardware.show(b);
    await gateway.clock.advance(0);
    expect(a.take()).toEqual(['0000', '0100']);
    expect(a.link).toBeUndefined();
  });

  it('B28: a v3 client hears that the one went and the other came', async () => {
    await using folder = await sameIndex();
    const { gateway, hardware, b } = await bootRivals(folder);
    await using _gateway = gateway;
    const client = await gateway.connect(3);
    client.take();
    hardware.show(b);
    await gateway.clock.advance(0);
    expect(client.take()).toMatchObject([
      { DeviceRemoved: { Id: 0, DeviceIndex: 5 } },
      { DeviceAdded: { Id: 0, DeviceIndex: 5, DeviceName: 'B' } },
    ]);
  });
});

describe('B29: ScanningFinished', () => {
  it('B29: comes at once, after the Ok, when there is nothing to scan with', async () => {
    await using gateway = await boot({ config: { plugins: { 'hardware-simulated': { enabled: false } } } });
    const client = await gateway.connect();
    client.tell({ StartScanning: { Id: 1 } });
    expect(client.take()).toEqual([{ Ok: { Id: 1 } }, { ScanningFinished: { Id: 0 } }]);
    client.tell({ StartScanning: { Id: 2 } });
    expect(client.take(), 'and a further start is not ignored').toEqual([
      { Ok: { Id: 2 } },
      { ScanningFinished: { Id: 0 } },
    ]);
  });

  it('B29: comes when all managers have ended, and after StopScanning too', async () => {
    const hardware = new TestHardware();
    await using gateway = await boot({ plugins: [hardware.plugin] });
    const client = await gateway.connect();
    await client.ask({ StartScanning: {} });
    await gateway.clock.advance(10_000);
    // The simulated devices are all found; the other manager scans until told to stop.
    expect(client.take()).toEqual([]);
    hardware.finishScan();
    expect(client.take()).toEqual([{ ScanningFinished: { Id: 0 } }]);
    await client.ask({ StartScanning: {} });
    client.tell({ StopScanning: { Id: 9 } });
    expect(client.take()).toEqual([{ Ok: { Id: 9 } }, { ScanningFinished: { Id: 0 } }]);
  });
});

describe('B32: device settings that do not fit the device', () => {
  it('B32: what fits is kept, and what does not is said', async () => {
    await using folder = await DataFolder.withSettings({
      address: 'A',
      index: 4,
      displayName: 'Blue one',
      features: {
        0: { Vibrate: { range: [2, 99] }, Rotate: { range: [0, 5] } },
        1: { Vibrate: { range: [30, 40] } },
        7: { Vibrate: { disabled: true } },
      },
    });
    const hardware = new TestHardware();
    await using gateway = await boot({ plugins: [hardware.plugin, plain('A')], config: folder.config });
    hardware.show(hardware.device({ name: 'A' }));
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    expect(client.take()).toMatchObject([
      {
        DeviceList: {
          Devices: {
            4: {
              DeviceDisplayName: 'Blue one',
              // Its top is the device's, its bottom the owner's; an output that no step of the range fits is off.
              DeviceFeatures: { 0: { Output: { Vibrate: { Value: [0, 18] } } }, 1: { Output: {} } },
            },
          },
        },
      },
    ]);
    const said = gateway.log.filter((line) => line.includes('"device":"a/A/A"') && line.includes('"level":40'));
    expect(said).toEqual([
      expect.stringMatching(/feature 0: the range 2…99 .*20 is used/),
      expect.stringMatching(/settings limit Rotate of feature 0, which has no such output/),
      expect.stringMatching(/feature 1: the range 30…40 .*disabled until/),
      expect.stringMatching(/settings name feature 7, which this device does not have/),
    ]);
  });

  it("B32: an entry without a gap of its own keeps the model's", async () => {
    await using folder = await DataFolder.withSettings({ address: 'A', displayName: 'With a name only' });
    const hardware = new TestHardware();
    const protocol = protocolPlugin(plainProtocol(MOTORS, { name: 'A', messageGapMs: 60 }));
    await using gateway = await boot({ plugins: [hardware.plugin, protocol], config: folder.config });
    hardware.show(hardware.device({ name: 'A' }));
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    expect(client.take()).toMatchObject([{ DeviceList: { Devices: { 0: { DeviceMessageTimingGap: 60 } } } }]);
  });

  it("B32: the gateway never writes the owner's file", async () => {
    await using folder = await DataFolder.withSettings({ address: 'A', index: 4 });
    const before = await folder.read(folder.settings);
    const hardware = new TestHardware();
    const gateway = await boot({ plugins: [hardware.plugin, plain('A', 'B')], config: folder.config });
    hardware.show(hardware.device({ name: 'A' }), hardware.device({ name: 'B' }));
    await gateway.clock.advance(0);
    await gateway[Symbol.asyncDispose]();
    expect(await folder.read(folder.settings)).toBe(before);
    expect((await folder.files()).sort()).toEqual(['devices.yml', 'known-devices.yml']);
  });
});

describe('B38: several protocols claim one device', () => {
  const claiming = (id: string, name: string): ProtocolDefinition =>
    defineProtocol({
      id,
      brand: 'Test',
      links: [bluetooth({ names: [name], services: { fff0: { tx: 'fff1' } } })],
      models: [otherwise(`by ${id}`, MOTORS)],
      open: () => ({ output: () => [packet(0, [0])] }),
    });
  const candidates = [claiming('zz-exact', 'Toy 12'), claiming('aa-prefix', 'Toy*'), claiming('bb-longer', 'Toy 1*')];

  it.each([{ order: [0, 1, 2] }, { order: [2, 1, 0] }, { order: [1, 0, 2] }])(
    'B38: the most specific one drives it, whatever the order they were loaded in ($order)',
    async ({ order }) => {
      const hardware = new TestHardware();
      const definitions = order.flatMap((place) => candidates[place] ?? []);
      await using gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(...definitions)] });
      hardware.show(
        hardware.device({ kind: 'bluetooth', name: 'Toy 12' }),
        hardware.device({ kind: 'bluetooth', name: 'Toy 19' }),
        hardware.device({ kind: 'bluetooth', name: 'Toy 99' }),
      );
      await gateway.clock.advance(0);
      const client = await gateway.connect();
      expect(client.take()).toMatchObject([
        {
          DeviceList: {
            Devices: {
              0: { DeviceName: 'by zz-exact' },
              1: { DeviceName: 'by bb-longer' },
              2: { DeviceName: 'by aa-prefix' },
            },
          },
        },
      ]);
    },
  );
});

describe('B39: devices that are new at the same moment', () => {
  it('B39: get indexes of their own, in the order they were seen', async () => {
    const hardware = new TestHardware();
    const { promise: identified, resolve: identify } = Promise.withResolvers<void>();
    const slow = defineProtocol({
      ...plainProtocol(MOTORS),
      links: [webSocket('One'), webSocket('Two'), webSocket('Three')],
      models: [otherwise('Plain', MOTORS)],
      identify: async ({ advertisement }) => {
        await identified;
        return advertisement.name;
      },
    });
    await using gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(slow)] });
    const names = ['One', 'Two', 'Three'];
    hardware.show(...names.map((name) => hardware.device({ name })));
    await gateway.clock.advance(0);
    identify();
    await gateway.clock.advance(0);
    const connected = gateway.log.filter((line) => line.includes('connected: Plain'));
    expect(connected).toEqual([
      expect.stringMatching(/"index":0,"device":"plain\/One\/One"/),
      expect.stringMatching(/"index":1,"device":"plain\/Two\/Two"/),
      expect.stringMatching(/"index":2,"device":"plain\/Three\/Three"/),
    ]);
  });
});

describe('B41: several devices come or go at once', () => {
  it.each([0, 1, 2, 3] as const)('B41: a version %i client gets one message for each', async (version) => {
    const hardware = new TestHardware();
    await using gateway = await boot({ plugins: [hardware.plugin, plain('A', 'B', 'C')] });
    const client = await gateway.connect(version);
    hardware.show(...['A', 'B', 'C'].map((name) => hardware.device({ name })));
    await gateway.clock.advance(0);
    const indexes = [0, 1, 2];
    expect(client.take()).toMatchObject(indexes.map((DeviceIndex) => ({ DeviceAdded: { Id: 0, DeviceIndex } })));
    hardware.fail('the adapter was pulled out');
    await gateway.clock.advance(0);
    const gone = client.take();
    expect(gone).toHaveLength(3);
    for (const DeviceIndex of indexes) expect(gone).toContainEqual({ DeviceRemoved: { Id: 0, DeviceIndex } });
  });

  it('B41: a version 4 client ends with the list of what is there', async () => {
    const hardware = new TestHardware();
    await using gateway = await boot({ plugins: [hardware.plugin, plain('A', 'B')] });
    const client = await gateway.connect(4);
    hardware.show(...['A', 'B'].map((name) => hardware.device({ name })));
    await gateway.clock.advance(0);
    expect(client.take().at(-1)).toMatchObject({ DeviceList: { Id: 0, Devices: { 0: {}, 1: {} } } });
    hardware.fail('the adapter was pulled out');
    await gateway.clock.advance(0);
    expect(client.take().at(-1)).toEqual({ DeviceList: { Id: 0, Devices: {} } });
  });
});
