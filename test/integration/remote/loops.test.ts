import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startLive } from '../../support/live-gateway.js';
import { announced, eventually, remoteTo, startHub, statusOf } from '../../support/remote/hub.js';
import { WireClient } from '../../support/wire-client.js';

/** A port that nobody has at the moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const testbed = [{ model: 'Pulsegate Testbed' }];
const sawOf = async (gateway: { readonly url: string }, name = 'an app') => {
  const client = await WireClient.connect(gateway.url, 4, name);
  const names = (await announced(client)).map(({ DeviceName, DeviceDisplayName }) => DeviceDisplayName ?? DeviceName);
  client.webSocket.close();
  return names.sort();
};

describe('gateways that show each other’s devices', () => {
  it('show each device once', async () => {
    const port = await freePort();
    const url = `ws://127.0.0.1:${port}`;
    await using kitchen = await startHub({ own: testbed, remotes: [{ name: 'bedroom', url }], devices: 1 });
    await using bedroom = await startHub({
      own: testbed,
      remotes: [remoteTo('kitchen', kitchen)],
      config: { http: { port } },
    });
    await kitchen.simulated.connected(2);
    await bedroom.simulated.connected(2);
    expect(await sawOf(kitchen)).toEqual(['Bedroom: Pulsegate Testbed', 'Pulsegate Testbed']);
    expect(await sawOf(bedroom)).toEqual(['Kitchen: Pulsegate Testbed', 'Pulsegate Testbed']);
    expect((await statusOf(kitchen, 'bedroom'))?.devices).toHaveLength(1);
  });

  it('scan together without an end to it only when there is none', async () => {
    const port = await freePort();
    const url = `ws://127.0.0.1:${port}`;
    await using kitchen = await startHub({ own: testbed, remotes: [{ name: 'bedroom', url }], devices: 1 });
    await using bedroom = await startHub({
      own: testbed,
      remotes: [remoteTo('kitchen', kitchen)],
      config: { http: { port } },
    });
    await kitchen.simulated.connected(2);
    const client = await WireClient.connect(kitchen.url);
    expect(await client.ask({ StartScanning: {} })).toHaveProperty('Ok');
    await client.event((message) => 'ScanningFinished' in message);
    expect(await client.ask({ Ping: {} })).toHaveProperty('Ok');
    // Only pings of the test go back and forth from now on.
    const messages = await bedroom.metric('pulsegate_messages_total');
    for (let count = 0; count < 20; count += 1) await client.ask({ Ping: {} });
    expect(await bedroom.metric('pulsegate_messages_total')).toBe(messages);
    client.webSocket.close();
  });

  it('show on only what is their own', async () => {
    await using bedroom = await startLive();
    await using kitchen = await startHub({ own: testbed, remotes: [remoteTo('bedroom', bedroom)] });
    await using hub = await startHub({ remotes: [remoteTo('kitchen', kitchen)] });
    expect(await sawOf(hub)).toEqual(['Kitchen: Pulsegate Testbed']);
    expect(await sawOf(kitchen, 'pulsegate-remote/1 0123-abcd somewhere')).toEqual(['Pulsegate Testbed']);
  });
});

describe('a gateway that is to show its own devices', () => {
  it('is refused by itself, and goes on', async () => {
    const port = await freePort();
    await using hub = await startHub({
      own: testbed,
      remotes: [{ name: 'mirror', url: `ws://127.0.0.1:${port}` }],
      config: { http: { port } },
      devices: 1,
    });
    await eventually(async () => (await statusOf(hub, 'mirror'))?.lastError).toMatch(/very gateway that connects/);
    expect(await sawOf(hub)).toEqual(['Pulsegate Testbed']);
  });
});
