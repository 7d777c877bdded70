import {
  defineProtocol,
  type FeatureDefinition,
  features,
  otherwise,
  packet,
  position,
  vibrate,
  webSocket,
} from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { type Booted, boot, type Message } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { level } from '../../support/messages.js';
import { type PlainOptions, plainProtocol } from '../../support/plain-protocol.js';
import { protocolPlugin, type TestDevice, type TestDeviceOptions, TestHardware } from '../../support/test-hardware.js';

const MOTORS = features(vibrate(20), vibrate(20), position(100));

interface Options {
  readonly features?: readonly FeatureDefinition[];
  readonly protocol?: PlainOptions;
  readonly device?: Omit<TestDeviceOptions, 'name'>;
  readonly config?: Readonly<Record<string, object>>;
}

/** A gateway with one device that has two motors and a position. */
async function bootPlain(options: Options = {}): Promise<{ gateway: Booted; device: TestDevice }> {
  const hardware = new TestHardware();
  const protocol = plainProtocol(options.features ?? MOTORS, options.protocol);
  const gateway = await boot({
    plugins: [hardware.plugin, protocolPlugin(protocol)],
    ...(options.config && { config: options.config }),
  });
  const device = hardware.device({ name: 'Plain', ...options.device });
  hardware.show(device);
  await gateway.clock.advance(0);
  return { gateway, device };
}

const ACCEPTED: Message = { Ok: {} };

describe('B12: Ok, and what becomes of the write', () => {
  it('B12: Ok comes at once, however slow the device is', async () => {
    const { gateway, device } = await bootPlain();
    await using _gateway = gateway;
    device.latencyMs = 800;
    const client = await gateway.connect();
    const before = gateway.clock.now();
    expect(await client.ask(level(0, 0, 'Vibrate', 5))).toMatchObject(ACCEPTED);
    expect(gateway.clock.now()).toBe(before);
    expect(device.take()).toEqual([]);
    await gateway.clock.advance(800);
    expect(device.take()).toEqual(['0005']);
  });

  it('B12: a write that fails is logged', async () => {
    const { gateway, device } = await bootPlain();
    await using _gateway = gateway;
    device.refuses = (hex) => hex === '0005';
    const client = await gateway.connect();
    await client.ask(level(0, 0, 'Vibrate', 5));
    await gateway.clock.advance(0);
    expect(gateway.log.filter((line) => line.includes('a packet was not taken'))).toEqual([
      expect.stringContaining('plain/Plain/Plain'),
    ]);
  });

  it('B12: from the moment the device is gone every command gets code 4', async () => {
    const { gateway, device } = await bootPlain();
    await using _gateway = gateway;
    const client = await gateway.connect();
    device.drop();
    expect(await client.ask(level(0, 0, 'Vibrate', 5))).toMatchObject({ Error: { ErrorCode: 4 } });
  });
});

describe('B13: what counts as a repetition', () => {
  it('B13: a level that is in force already is Ok and not sent again', async () => {
    const { gateway, device } = await bootPlain();
    await using _gateway = gateway;
    const client = await gateway.connect();
    for (const value of [5, 5, 6, 6, 5]) {
      expect(await client.ask(level(0, 0, 'Vibrate', value))).toMatchObject(ACCEPTED);
      await gateway.clock.advance(0);
    }
    expect(device.take()).toEqual(['0005', '0006', '0005']);
  });

  it('B13: the first command ever is sent, also 0', async () => {
    const { gateway, device } = await bootPlain();
    await using _gateway = gateway;
    const client = await gateway.connect();
    await client.ask(level(0, 0, 'Vibrate', 0));
    await gateway.clock.advance(0);
    expect(device.take()).toEqual(['0000']);
  });

  it('B13: a refused command is not remembered', async () => {
    const { gateway, device } = await bootPlain({ protocol: { refuses: 13 } });
    await using _gateway = gateway;
    const client = await gateway.connect();
    await client.ask(level(0, 0, 'Vibrate', 5));
    for (const value of [13, 13]) {
      expect(await client.ask(level(0, 0, 'Vibrate', value))).toMatchObject({ Error: { ErrorCode: 4 } });
    }
    await gateway.clock.advance(0);
    device.take();
    expect(await client.ask(level(0, 0, 'Vibrate', 5)), 'still in force').toMatchObject(ACCEPTED);
    await gateway.clock.advance(0);
    expect(device.take()).toEqual([]);
  });

  it('B13: a position is sent every time', async () => {
    const { gateway, device } = await bootPlain();
    await using _gateway = gateway;
    const client = await gateway.connect();
    for (const value of [50, 50, 50]) {
      await client.ask(level(0, 2, 'Position', value));
      await gateway.clock.advance(0);
    }
    expect(device.take()).toEqual(['0232', '0232', '0232']);
  });

  it('B13: after a failed write the same level is sent again', async () => {
    const { gateway, device } = await bootPlain();
    await using _gateway = gateway;
    const client = await gateway.connect();
    device.refuses = () => true;
    await client.ask(level(0, 0, 'Vibrate', 5));
    await gateway.clock.advance(0);
    device.refuses = () => false;
    await client.ask(level(0, 0, 'Vibrate', 5));
    await gateway.clock.advance(0);
    expect(device.take()).toEqual(['0005']);
  });

  it('B13: after a stop, 0 is a repetition, and on a device with another index too', async () => {
    const hardware = new TestHardware();
    await using gateway = await boot({
      devices: [{ model: 'Lovense Edge' }],
      plugins: [hardware.plugin, protocolPlugin(plainProtocol(MOTORS))],
    });
    const device = hardware.device({ name: 'Plain' });
    hardware.show(device);
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    await client.ask(level(1, 0, 'Vibrate', 5));
    await gateway.clock.advance(0);
    await client.ask({ StopCmd: { DeviceIndex: 1 } });
    await client.ask(level(1, 0, 'Vibrate', 0));
    await client.ask({ StopCmd: { DeviceIndex: 1 } });
    await gateway.clock.advance(500);
    // Feature 1 was never commanded, so nobody knows that it is off; both are told once.
    expect(device.take()).toEqual(['0005', '0000', '0100']);
  });
});

describe('B14: the gap', () => {
  it('B14: the first command after a pause is not delayed, the next keeps the gap', async () => {
    const { gateway, device } = await bootPlain({ device: { messageGapMs: 100 } });
    await using _gateway = gateway;
    const client = await gateway.connect();
    await gateway.clock.advance(1000);
    const start = gateway.clock.now();
    await client.ask(level(0, 0, 'Vibrate', 1));
    await gateway.clock.advance(10);
    await client.ask(level(0, 0, 'Vibrate', 2));
    await client.ask(level(0, 1, 'Vibrate', 7));
    await client.ask(level(0, 0, 'Vibrate', 3));
    await gateway.clock.advance(500);
    expect(device.timeline.map(({ at, hex }) => `${at - start} ${hex}`)).toEqual(['0 0001', '100 0107', '100 0003']);
  });

  it('B14: commands that arrive together merge', async () => {
    const { gateway, device } = await bootPlain({ device: { messageGapMs: 100 } });
    await using _gateway = gateway;
    const client = await gateway.connect();
    client.tell(
      { OutputCmd: { Id: 1, DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: 1 } } } },
      { OutputCmd: { Id: 2, DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: 2 } } } },
    );
    await gateway.clock.advance(500);
    expect(device.take()).toEqual(['0002']);
  });

  it('B14: steady input does not starve the device', async () => {
    const { gateway, device } = await bootPlain({ device: { messageGapMs: 100 } });
    await using _gateway = gateway;
    const client = await gateway.connect();
    for (let count = 0; count < 1000; count += 1) {
      await client.ask(level(0, 0, 'Vibrate', 1 + (count % 20)));
      await gateway.clock.advance(1);
    }
    expect(device.take().length).toBeGreaterThanOrEqual(10);
  });

  it('B14: a command of several packets in one slot keeps them all, within an open gap too', async () => {
    const hardware = new TestHardware();
    const protocol = defineProtocol({
      id: 'pairs',
      brand: 'Test',
      links: [webSocket('Pairs')],
      models: [otherwise('Pairs', features(vibrate(20)))],
      open: () => ({ output: ({ value }) => [packet('all', [0xaa, value]), packet('all', [0xbb, value])] }),
    });
    await using gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(protocol)] });
    const device = hardware.device({ name: 'Pairs', messageGapMs: 100 });
    hardware.show(device);
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    for (const value of [1, 2, 3]) {
      await client.ask(level(0, 0, 'Vibrate', value));
      await gateway.clock.advance(10);
    }
    await gateway.clock.advance(500);
    expect(device.take()).toEqual(['aa01', 'bb01', 'aa03', 'bb03']);
  });
});

describe('B15: the announced gap is the enforced one', () => {
  it.each([
    { what: 'of the link', device: { messageGapMs: 40 }, protocol: {}, settings: {}, gap: 40 },
    {
      what: 'of the model, over that of the link',
      device: { messageGapMs: 40 },
      protocol: { messageGapMs: 60 },
      settings: {},
      gap: 60,
    },
    {
      what: 'of the owner, over both',
      device: { messageGapMs: 40 },
      protocol: { messageGapMs: 60 },
      settings: { messageGap: 90 },
      gap: 90,
    },
    { what: 'of the owner, 0', device: { messageGapMs: 40 }, protocol: {}, settings: { messageGap: 0 }, gap: 0 },
  ])('B15: that $what', async ({ device: link, protocol, settings, gap }) => {
    await using folder = await DataFolder.withSettings({ address: 'Plain', ...settings });
    const { gateway, device } = await bootPlain({ device: link, protocol, config: folder.config });
    await using _gateway = gateway;
    const newest = await gateway.connect(4);
    const older = await gateway.connect(3);
    expect(newest.take()).toMatchObject([{ DeviceList: { Devices: { 0: { DeviceMessageTimingGap: gap } } } }]);
    expect(older.take()).toMatchObject([{ DeviceAdded: { DeviceMessageTimingGap: gap } }]);
    for (const value of [1, 2]) {
      await newest.ask(level(0, 0, 'Vibrate', value));
      await gateway.clock.advance(0);
    }
    await gateway.clock.advance(500);
    const [first, second] = device.timeline;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(gap);
  });
});
