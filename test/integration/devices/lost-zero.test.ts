import { features, stateless, vibrate, wholeDevice } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { boot } from '../../support/boot.js';
import { level } from '../../support/messages.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';

/** A device that the test holds, driven by a client at level 5. */
async function driven(keepaliveMs?: number) {
  const hardware = new TestHardware();
  const device = hardware.device({ name: 'Plain' });
  const keepalive =
    keepaliveMs === undefined ? {} : { keepalive: { kind: 'repeat-last', everyMs: keepaliveMs } as const };
  const protocol = plainProtocol(features(vibrate(10), vibrate(10)), keepalive);
  const gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(protocol)] });
  hardware.show(device);
  await gateway.clock.advance(0);
  const client = await gateway.connect();
  await client.ask(level(0, 0, 'Vibrate', 5));
  await gateway.clock.advance(10);
  return { gateway, device, client };
}

describe('a level 0 that the hardware does not take at first', () => {
  it('is sent again: no newer order need come, and the motor would run on', async () => {
    const { gateway, device, client } = await driven();
    await using _ = gateway;
    let refusals = 2;
    device.refuses = (hex) => hex === '0000' && refusals-- > 0;
    expect(await client.ask(level(0, 0, 'Vibrate', 0))).toHaveProperty('Ok');
    await gateway.clock.advance(100);
    expect(device.written.at(-1)).toBe('0000');
  });

  it('is not repeated into what was ordered after it', async () => {
    const { gateway, device, client } = await driven();
    await using _ = gateway;
    device.latencyMs = 50;
    device.refuses = (hex) => hex === '0000';
    await client.ask(level(0, 0, 'Vibrate', 0));
    await gateway.clock.advance(10);
    await client.ask(level(0, 0, 'Vibrate', 7));
    await gateway.clock.advance(1000);
    expect(device.written.at(-1)).toBe('0007');
    expect(device.written).not.toContain('0000');
  });

  it.each([
    ['waits', 10],
    ['is on its way', 0],
  ])('is sent again in the packet of another motor that took its place while it %s', async (_when, aheadMs) => {
    const hardware = new TestHardware();
    const device = hardware.device({ name: 'Plain' });
    const protocol = {
      ...plainProtocol(features(vibrate(10), vibrate(10))),
      open: stateless(wholeDevice((motor) => [motor(0), motor(1)])),
    };
    await using gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(protocol)] });
    hardware.show(device);
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    device.latencyMs = 50;
    await client.ask(level(0, 0, 'Vibrate', 5));
    await gateway.clock.advance(aheadMs || 100);
    await client.ask(level(0, 0, 'Vibrate', 0));
    await gateway.clock.advance(10);
    await client.ask(level(0, 1, 'Vibrate', 3));
    const refused = new Set(['0000', '0003']);
    device.refuses = (hex) => refused.delete(hex);
    await gateway.clock.advance(1000);
    expect(device.written).toEqual(['0500', '0003']);
  });

  it('does not leave the old level to be repeated for ever', async () => {
    const { gateway, device, client } = await driven(100);
    await using _ = gateway;
    let refusals = 1;
    device.refuses = (hex) => hex === '0000' && refusals-- > 0;
    await client.ask(level(0, 0, 'Vibrate', 0));
    await gateway.clock.advance(50);
    device.take();
    await gateway.clock.advance(1000);
    expect(new Set(device.take())).toEqual(new Set(['0000']));
  });

  it('that it never takes means that the link is broken: on a new one, everything is stopped', async () => {
    const { gateway, device, client } = await driven();
    await using _ = gateway;
    device.refuses = (hex) => hex === '0000' && device.links.length === 1;
    expect(await client.ask(level(0, 0, 'Vibrate', 0))).toHaveProperty('Ok');
    await gateway.clock.advance(0);
    expect(device.links[0]?.isOpen).toBe(false);
    await gateway.clock.advance(60_000);
    expect(device.written).toContain('0000');
  });

  it('is repeated, and not the level before it, even when it was not taken at all', async () => {
    const { gateway, device, client } = await driven(100);
    await using _ = gateway;
    device.unreachable = true;
    device.refuses = (hex) => hex === '0000';
    await client.ask(level(0, 0, 'Vibrate', 0));
    device.take();
    await gateway.clock.advance(1000);
    expect(device.take()).toEqual([]);
  });
});

describe('a level that the hardware does not take', () => {
  it('is what is repeated, and not the level before it', async () => {
    const { gateway, device, client } = await driven(100);
    await using _ = gateway;
    let refusals = 1;
    device.refuses = (hex) => hex === '0002' && refusals-- > 0;
    await client.ask(level(0, 0, 'Vibrate', 2));
    await gateway.clock.advance(0);
    device.take();
    await gateway.clock.advance(1000);
    expect(new Set(device.take())).toEqual(new Set(['0002']));
  });
});
