import { features, type Keepalive, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { boot } from '../../support/boot.js';
import { level } from '../../support/messages.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import { protocolPlugin, type TestDeviceOptions, TestHardware } from '../../support/test-hardware.js';

const REPEAT: Keepalive = { kind: 'repeat-last', everyMs: 1000 };

/** A device whose last packet is repeated every second; what a connect writes is taken. */
async function bootKept(keepalive: Keepalive | undefined = REPEAT, options: Partial<TestDeviceOptions> = {}) {
  const hardware = new TestHardware();
  const protocol = plainProtocol(features(vibrate(20)), keepalive ? { keepalive } : {});
  const gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(protocol)] });
  const device = hardware.device({ name: 'Plain', ...options });
  hardware.show(device);
  await gateway.clock.advance(0);
  const atConnect = device.take();
  return { gateway, device, atConnect, client: await gateway.connect() };
}

describe('B17: keepalives', () => {
  it('B17: a protocol that repeats its last packet starts with a stop, and repeats that', async () => {
    const { gateway, device, atConnect } = await bootKept();
    await using _gateway = gateway;
    expect(atConnect).toEqual(['0000']);
    await gateway.clock.advance(3000);
    expect(device.take()).toEqual(['0000', '0000', '0000']);
  });

  it('B17: time counts from the last write', async () => {
    const { gateway, device, client } = await bootKept();
    await using _gateway = gateway;
    await gateway.clock.advance(600);
    await client.ask(level(0, 0, 'Vibrate', 5));
    await gateway.clock.advance(999);
    expect(device.take()).toEqual(['0005']);
    await gateway.clock.advance(1);
    expect(device.take()).toEqual(['0005']);
  });

  it('B17: notifications of the device do not push it back', async () => {
    const { gateway, device } = await bootKept();
    await using _gateway = gateway;
    for (let count = 0; count < 20; count += 1) {
      await gateway.clock.advance(100);
      device.link?.notify('rx', 1, 2, 3);
    }
    expect(device.take()).toEqual(['0000', '0000']);
  });

  it('B17: nothing is repeated while a packet is on its way: a stop behind it would have to wait longer', async () => {
    const { gateway, device, client } = await bootKept();
    await using _gateway = gateway;
    device.latencyMs = 1500;
    await client.ask(level(0, 0, 'Vibrate', 5));
    await gateway.clock.advance(2600);
    expect(device.take()).toEqual(['0005']);
    await gateway.clock.advance(1400);
    expect(device.take()).toEqual(['0005']);
  });

  it('B17: failures are not in a row when the device took an order in between', async () => {
    const { gateway, device, client } = await bootKept();
    await using _gateway = gateway;
    for (const value of [5, 6, 7, 8]) {
      device.refuses = () => false;
      await client.ask(level(0, 0, 'Vibrate', value));
      await gateway.clock.advance(500);
      device.refuses = () => true;
      await gateway.clock.advance(1000);
    }
    expect(device.link?.isOpen).toBe(true);
    expect(device.links).toHaveLength(1);
    expect(device.take()).toEqual(['0005', '0006', '0007', '0008']);
  });

  it('B17: a keepalive that fails once is tried again, and the device stays', async () => {
    const { gateway, device, client } = await bootKept();
    await using _gateway = gateway;
    device.refuses = () => true;
    await gateway.clock.advance(2500);
    device.refuses = () => false;
    await gateway.clock.advance(1000);
    expect(device.take()).toEqual(['0000']);
    expect(device.links).toHaveLength(1);
    expect(await client.ask(level(0, 0, 'Vibrate', 5))).toMatchObject({ Ok: {} });
    await gateway.clock.advance(0);
    expect(device.take()).toEqual(['0005']);
  });

  it.each([
    { what: 'is refused', fault: 'refuses' as const, withinMs: 3000 },
    { what: 'never ends', fault: 'hangs' as const, withinMs: 15_000 },
  ])(
    'B17: a keepalive that $what three times means that the device is gone, and everybody is told',
    async ({ fault, withinMs }) => {
      const { gateway, device, client } = await bootKept();
      await using _gateway = gateway;
      client.take();
      if (fault === 'hangs') device.hangs = true;
      else device.refuses = () => true;
      device.unreachable = true;
      await gateway.clock.advance(withinMs);
      expect(device.link).toBeUndefined();
      expect(client.take()).toEqual([{ DeviceList: { Id: 0, Devices: {} } }]);
      expect(await client.ask(level(0, 0, 'Vibrate', 5))).toMatchObject({ Error: { ErrorCode: 4 } });
    },
  );

  it('B17: a stop that takes its time is not overtaken by a repetition of what it stops', async () => {
    const { gateway, device, client } = await bootKept();
    await using _gateway = gateway;
    await client.ask(level(0, 0, 'Vibrate', 20));
    await gateway.clock.advance(900);
    expect(device.take()).toEqual(['0014']);
    device.latencyMs = 400;
    await client.ask({ StopCmd: {} });
    await gateway.clock.advance(5000);
    expect(device.take()).not.toContain('0014');
  });

  it('B17: a fixed packet is sent only on a link that needs it, every 5 s without a write', async () => {
    const packet: Keepalive = {
      kind: 'packet',
      write: { endpoint: 'tx', data: Uint8Array.of(0xfe), withResponse: false },
    };
    const needy = await bootKept(packet, { needsKeepalive: true });
    await using _needy = needy.gateway;
    await needy.gateway.clock.advance(10_000);
    expect(needy.device.take()).toEqual(['fe', 'fe']);
    const plain = await bootKept(packet);
    await using _plain = plain.gateway;
    await plain.gateway.clock.advance(10_000);
    expect(plain.device.take()).toEqual([]);
  });

  it('B17: ends with the device', async () => {
    const { gateway, device } = await bootKept();
    await using _gateway = gateway;
    device.unreachable = true;
    device.drop();
    device.take();
    await gateway.clock.advance(10_000);
    expect(device.take()).toEqual([]);
  });
});
