import { describe, expect, it } from 'vitest';
import { type Booted, boot } from '../../support/boot.js';
import { input, level } from '../../support/messages.js';
import { TestHardware } from '../../support/test-hardware.js';

const DEVICES = [{ model: 'Pulsegate Testbed', messageGap: 0 }];
const TOY = 'pulsegate-testbed-1';
const VERSIONS = [0, 1, 2, 3, 4] as const;

const vibration = async (gateway: Booted) => (await gateway.toy(TOY)).outputs[0]?.level;

describe('B6: Ping where no ping is asked for', () => {
  it.each(VERSIONS)('B6: is Ok for a client of version %i', async (version) => {
    await using gateway = await boot();
    const client = await gateway.connect(version);
    expect(await client.ask({ Ping: { Id: 7 } })).toEqual({ Ok: { Id: 7 } });
  });
});

describe('B7: a missed ping', () => {
  it('B7: counts from the last ping, not from a period that began before it', async () => {
    await using gateway = await boot({ devices: DEVICES, maxPingTimeMs: 1000 });
    const client = await gateway.connect();
    await gateway.clock.advance(900);
    await client.ask({ Ping: {} });
    await gateway.clock.advance(999);
    expect(client.closeReason).toBeUndefined();
    await gateway.clock.advance(1);
    expect(client.closeReason).toEqual({ kind: 'policy', text: 'ping missed' });
  });

  it('B7: counts from the handshake when there was no ping at all', async () => {
    await using gateway = await boot({ maxPingTimeMs: 1000 });
    const client = await gateway.connect();
    await gateway.clock.advance(999);
    expect(client.closeReason).toBeUndefined();
    await gateway.clock.advance(1);
    expect(client.closeReason).toBeDefined();
  });

  it('B7: is not made up for by other messages', async () => {
    await using gateway = await boot({ devices: DEVICES, maxPingTimeMs: 1000 });
    const client = await gateway.connect();
    for (let count = 0; count < 9; count += 1) {
      await gateway.clock.advance(100);
      await client.ask({ RequestDeviceList: {} });
    }
    await gateway.clock.advance(100);
    expect(client.closeReason).toBeDefined();
  });

  it.each(VERSIONS)('B7: is an Error with Id 0 and code 2 for a client of version %i, and the end', async (version) => {
    await using gateway = await boot({ maxPingTimeMs: 1000 });
    const client = await gateway.connect(version);
    client.take();
    await gateway.clock.advance(1000);
    const ErrorMessage = expect.stringContaining('1000 ms');
    expect(client.take()).toEqual([{ Error: { Id: 0, ErrorCode: 2, ErrorMessage } }]);
    expect(client.closeReason?.kind).toBe('policy');
  });

  it('B7: stops the devices, ends subscriptions and the scan, before the client is told', async () => {
    const hardware = new TestHardware();
    await using gateway = await boot({ devices: DEVICES, maxPingTimeMs: 1000, plugins: [hardware.plugin] });
    const client = await gateway.connect();
    await client.ask(level(0, 0, 'Vibrate', 12));
    await client.ask(input(0, 11, 'Pressure', 'Subscribe'));
    await client.ask({ StartScanning: {} });
    expect(hardware.scans).toEqual(['start']);
    await gateway.clock.advance(1000);
    expect(await vibration(gateway)).toBe(0);
    expect(hardware.scans).toEqual(['start', 'stop']);
    client.take();
    expect(await gateway.post(`/api/simulated/${TOY}/sensors`, { feature: 11, value: 300 })).toBe(204);
    await gateway.clock.advance(0);
    expect(client.take()).toEqual([]);
  });

  it('B7: leaves no timer of the session behind', async () => {
    await using gateway = await boot({ maxPingTimeMs: 1000 });
    const before = gateway.clock.waiting;
    await gateway.connect();
    await gateway.clock.advance(1000);
    expect(gateway.clock.waiting).toBe(before);
  });
});

describe('B8: Disconnect', () => {
  it('B8: stops what the client drove, answers Ok and closes in order', async () => {
    await using gateway = await boot({ devices: DEVICES });
    const client = await gateway.connect(4);
    await client.ask(level(0, 0, 'Vibrate', 12));
    expect(await vibration(gateway)).toBe(12);
    expect(await client.ask({ Disconnect: { Id: 9 } })).toEqual({ Ok: { Id: 9 } });
    expect(client.closeReason).toMatchObject({ kind: 'normal' });
    expect(await vibration(gateway)).toBe(0);
    expect(gateway.log.filter((line) => line.includes('client left'))).toHaveLength(1);
  });

  it('B8: ends the subscriptions and the scan of the client', async () => {
    const hardware = new TestHardware();
    await using gateway = await boot({ devices: DEVICES, plugins: [hardware.plugin] });
    const client = await gateway.connect(4);
    await client.ask(input(0, 12, 'Button', 'Subscribe'));
    await client.ask({ StartScanning: {} });
    client.take();
    await client.ask({ Disconnect: {} });
    await gateway.clock.advance(0);
    expect(hardware.scans).toEqual(['start', 'stop']);
    await gateway.post(`/api/simulated/${TOY}/sensors`, { feature: 12, value: 1 });
    expect(client.take()).toEqual([]);
  });

  it.each([0, 1, 2, 3] as const)('B8: is no message of version %i', async (version) => {
    await using gateway = await boot();
    const client = await gateway.connect(version);
    expect(await client.ask({ Disconnect: {} })).toMatchObject({ Error: { ErrorCode: 3 } });
    expect(client.closeReason).toBeUndefined();
  });
});
