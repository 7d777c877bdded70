import { combined, features, position, timedPosition } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { boot } from '../../support/boot.js';
import { level, move } from '../../support/messages.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';

const LATENCY_MS = 200;
const SETTLED_MS = 10_000;

/** A device with two places to move, on a link that takes 200 ms for each packet. */
async function slowDevice() {
  const hardware = new TestHardware();
  const device = hardware.device({ name: 'Plain' });
  const twoWays = combined(position(100), timedPosition(100, 5000));
  const protocol = plainProtocol(features(position(100), timedPosition(100, 5000), twoWays));
  const gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(protocol)] });
  hardware.show(device);
  await gateway.clock.advance(0);
  device.latencyMs = LATENCY_MS;
  return { gateway, device, client: await gateway.connect() };
}

describe('a move that still waits for a slow link', () => {
  it('never begins when its client goes', async () => {
    const { gateway, device, client } = await slowDevice();
    await using _ = gateway;
    await client.ask(level(0, 0, 'Position', 0x10));
    await gateway.clock.advance(10);
    await client.ask(level(0, 0, 'Position', 0x50));
    client.cut();
    await gateway.clock.advance(SETTLED_MS);
    expect(device.written).toEqual(['0010']);
  });

  it('never begins after a stop, though it would be over by now on a fast link', async () => {
    const { gateway, device, client } = await slowDevice();
    await using _ = gateway;
    await client.ask(move(0, 1, 0x10, 50));
    await gateway.clock.advance(10);
    await client.ask(move(0, 1, 0x50, 50));
    await gateway.clock.advance(100);
    expect(await client.ask({ StopCmd: {} })).toHaveProperty('Ok');
    await gateway.clock.advance(SETTLED_MS);
    expect(device.written).toEqual(['0110']);
    await client.ask(move(0, 1, 0x20, 50));
    await gateway.clock.advance(SETTLED_MS);
    expect(device.written).toEqual(['0110', '0120']);
  });

  it('begins when it is another client that goes', async () => {
    const { gateway, device, client } = await slowDevice();
    await using _ = gateway;
    const other = await gateway.connect();
    await client.ask(level(0, 0, 'Position', 0x10));
    await gateway.clock.advance(10);
    await other.ask(move(0, 1, 0x50, 50));
    await client.ask(level(0, 0, 'Position', 0x20));
    client.cut();
    await gateway.clock.advance(SETTLED_MS);
    expect(device.written).toEqual(['0010', '0150']);
  });

  it('never begins when its client goes, though it took the place of a move of somebody else', async () => {
    const { gateway, device, client } = await slowDevice();
    await using _ = gateway;
    const other = await gateway.connect();
    await client.ask(level(0, 2, 'Position', 0x10));
    await gateway.clock.advance(10);
    await client.ask(move(0, 2, 0x50, 500));
    await other.ask(level(0, 2, 'Position', 0x20));
    other.cut();
    await gateway.clock.advance(SETTLED_MS);
    expect(device.written).toEqual(['0210']);
  });
});
