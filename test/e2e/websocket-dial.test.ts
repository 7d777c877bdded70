import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ListeningClient } from '../support/listening-client.js';
import { startLive, TESTBED } from '../support/live-gateway.js';
import { PATIENCE_MS } from '../support/timing.js';
import { WireClient } from '../support/wire-client.js';

const dialling = (dial: readonly object[], transport: object = {}) =>
  startLive({ config: { plugins: { 'transport-websocket': { dial, ...transport } } } });

const lines = (log: readonly string[], text: string) => log.filter((line) => line.includes(text));

describe('a gateway that dials', () => {
  it('is the server on the line it has made: the app at the other end controls the devices', async () => {
    await using app = await ListeningClient.start();
    await using live = await dialling([{ url: `${app.url}/toys?key=hush` }]);
    const call = await app.call(1);
    expect(call.path).toBe('/toys?key=hush');
    expect(call.webSocket.extensions).toBe('');
    expect(await call.handshake()).toMatchObject({ ServerInfo: { MaxPingTime: 10_000 } });
    expect(await call.vibrate(13)).toHaveProperty('Ok');
    await live.simulated.reaches(TESTBED, 0, 13);
    expect(lines(live.log, `connected to ${app.url}/toys`)).toHaveLength(1);
    expect(live.log.join('')).not.toContain('hush');
  });

  it('hears what the app says in the very moment of the connection', async () => {
    const greeting = [{ RequestServerInfo: { Id: 1, ClientName: 'hasty', MessageVersion: 3 } }];
    await using app = await ListeningClient.start(0, JSON.stringify(greeting));
    await using _live = await dialling([{ url: app.url }]);
    expect(await (await app.call(1)).answer(1)).toHaveProperty('ServerInfo');
  });

  it('keeps the app to a ping time, and stops the device when it does not ping', async () => {
    await using app = await ListeningClient.start();
    await using live = await dialling([{ url: app.url, maxPingTime: 200 }]);
    const call = await app.call(1);
    expect(await call.handshake()).toMatchObject({ ServerInfo: { MaxPingTime: 200 } });
    await call.vibrate(13);
    expect(await call.closed).toMatchObject({ code: 1008 });
    await live.simulated.reaches(TESTBED, 0, 0);
  });

  it('asks for no pings when it is told so', async () => {
    await using app = await ListeningClient.start();
    await using _live = await dialling([{ url: app.url, maxPingTime: 0 }], { maxPingTime: 5000 });
    expect(await (await app.call(1)).handshake()).toMatchObject({ ServerInfo: { MaxPingTime: 0 } });
  });

  it('stops the device when the line is cut, connects again, and works as before', async () => {
    await using app = await ListeningClient.start();
    await using live = await dialling([{ url: app.url }]);
    for (let n = 1; n <= 3; n += 1) {
      const call = await app.call(n);
      await call.handshake();
      await call.vibrate(13);
      await live.simulated.reaches(TESTBED, 0, 13);
      call.webSocket.terminate();
      await live.simulated.reaches(TESTBED, 0, 0);
    }
    await (await app.call(4)).handshake();
    expect(lines(live.log, `connected to ${app.url}`)).toHaveLength(4);
    expect(lines(live.log, `lost ${app.url}`)).toHaveLength(3);
  });

  it('tries until somebody answers, and says once that nobody does', async () => {
    const { port } = await ListeningClient.start().then(async (app) => {
      await app[Symbol.asyncDispose]();
      return app;
    });
    await using live = await dialling([{ url: `ws://127.0.0.1:${port}` }]);
    await expect.poll(() => lines(live.log, 'cannot reach').length, { timeout: PATIENCE_MS }).toBeGreaterThan(0);
    await using app = await ListeningClient.start(port);
    expect(await (await app.call(1)).handshake()).toHaveProperty('ServerInfo');
    expect(lines(live.log, 'cannot reach').filter((line) => line.includes('"level":40'))).toHaveLength(1);
  });

  it('cuts a line that falls silent, and stops the device', async () => {
    await using app = await ListeningClient.start();
    await using live = await dialling([{ url: app.url, maxPingTime: 0 }], { heartbeat: 100 });
    const call = await app.call(1);
    await call.handshake();
    await call.vibrate(13);
    await live.simulated.reaches(TESTBED, 0, 13);
    call.webSocket.pause();
    await live.simulated.reaches(TESTBED, 0, 0);
    await expect.poll(() => lines(live.log, 'gave no sign of life; trying').length, { timeout: PATIENCE_MS }).toBe(1);
  });

  it('holds the app to maxPayload like everybody else, and dials again', async () => {
    await using app = await ListeningClient.start();
    await using live = await dialling([{ url: app.url }], { maxPayload: 2048 });
    const call = await app.call(1);
    await call.handshake();
    await call.vibrate(13);
    await live.simulated.reaches(TESTBED, 0, 13);
    call.webSocket.send('x'.repeat(3000));
    expect(await call.closed).toMatchObject({ code: 1009 });
    await live.simulated.reaches(TESTBED, 0, 0);
    await app.call(2);
  });

  it('does not take room from those who call', async () => {
    await using app = await ListeningClient.start();
    await using live = await dialling([{ url: app.url }], { maxConnections: 1 });
    await app.call(1);
    const caller = await WireClient.connect(live.url);
    expect(await caller.ask({ Ping: {} })).toHaveProperty('Ok');
    await expect(WireClient.open(live.url)).rejects.toThrow('503');
  });

  it('keeps several lines, each on its own', async () => {
    await using first = await ListeningClient.start();
    await using second = await ListeningClient.start();
    await using live = await dialling([{ url: first.url }, { url: second.url }]);
    const [one, other] = [await first.call(1), await second.call(1)];
    await one.handshake();
    await other.handshake();
    await other.vibrate(13);
    await live.simulated.reaches(TESTBED, 0, 13);
    one.webSocket.terminate();
    await first.call(2);
    expect((await live.simulated.output(TESTBED, 0)).level).toBe(13);
  });

  it('says goodbye at its end, stops the device, and does not dial again', async () => {
    await using app = await ListeningClient.start();
    await using live = await dialling([{ url: app.url }]);
    const call = await app.call(1);
    await call.handshake();
    await call.vibrate(13);
    await live.gateway.stop();
    expect(await call.closed).toEqual({ code: 1001, reason: 'the gateway is shutting down' });
    expect(app.calls).toHaveLength(1);
    expect(lines(live.log, 'trying again')).toHaveLength(0);
  });

  it('ends in no time while nobody answers its call', async () => {
    const deaf = createServer().listen(0, '127.0.0.1');
    await using live = await dialling([{ url: await urlOf(deaf) }]);
    const begun = performance.now();
    await live.gateway.stop();
    expect(performance.now() - begun).toBeLessThan(1000);
    deaf.close();
  });

  it.each([
    ['http://127.0.0.1:1', 'dial[0].url'],
    ['ws://', 'dial[0].url'],
    ['ws://host:1/#fragment', 'dial[0].url'],
    ['127.0.0.1:1234', 'dial[0].url'],
  ])('does not start with the address %s', async (url, place) => {
    await expect(dialling([{ url }])).rejects.toThrow(
      `${place}: found "${url}", expected text that is a valid WebSocket address`,
    );
  });

  it('says which address is none, without its secrets', async () => {
    await using live = await startLive({
      config: { plugins: { 'transport-websocket': { dial: [{ url: 'ws://me:hush@127.0.0.1:99999' }] } } },
    });
    const plugin = live.gateway.plugins.find(({ name }) => name === 'transport-websocket');
    expect(plugin).toMatchObject({ state: 'unavailable' });
    expect(plugin?.reason).toContain('ws://127.0.0.1:99999 is not an address');
    expect(live.log.join('')).not.toContain('hush');
  });
});

async function urlOf(server: ReturnType<typeof createServer>): Promise<string> {
  await expect.poll(() => server.listening).toBe(true);
  const address = server.address();
  return `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}
