import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type LiveGateway, startLive, TESTBED } from '../support/live-gateway.js';
import { PATIENCE_MS } from '../support/timing.js';
import { type Message, WireClient } from '../support/wire-client.js';

/** Whoever connects and says nothing, or half of something, holds nothing up (B11). */

const VIBRATE = { Vibrate: { Value: 13 } };

/** A TCP connection that says this much. It keeps its own end open, whatever the other end does. */
async function tcp(port: number, text = ''): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  if (text !== '') socket.write(text);
  return socket;
}

const upgradeRequest = (host: string) =>
  [
    'GET / HTTP/1.1',
    `Host: ${host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');

/** Resolves when the other end has closed, in order or not. */
const dropped = (socket: Socket) =>
  new Promise<void>((resolve) => {
    for (const event of ['end', 'error', 'close']) socket.once(event, () => resolve());
    socket.resume();
  });

/** Resolves when the gateway has let go of the socket altogether: what is written to it comes back as an error. */
async function released(socket: Socket): Promise<void> {
  const gone = new Promise((resolve) => socket.once('close', resolve));
  const knocking = setInterval(() => socket.write('\r\n'), 20);
  await gone.finally(() => clearInterval(knocking));
}

async function drives(live: LiveGateway): Promise<void> {
  const client = await WireClient.connect(live.url);
  await client.output(0, 0, VIBRATE);
  await live.simulated.reaches(TESTBED, 0, 13);
  client.webSocket.close();
  await live.simulated.reaches(TESTBED, 0, 0);
}

describe('TCP peers that never get to a WebSocket', () => {
  it('are dropped after a while, and clients do not notice them meanwhile', { timeout: 30_000 }, async () => {
    await using live = await startLive();
    const silent = await Promise.all([
      ...Array.from({ length: 100 }, () => tcp(live.port)),
      ...Array.from({ length: 20 }, () => tcp(live.port, 'GET / HTTP/1.1\r\nHost: loc')),
      ...Array.from({ length: 20 }, () => tcp(live.port, upgradeRequest('localhost').slice(0, -2))),
    ]);
    const allDropped = Promise.all(silent.map(dropped));
    await drives(live);
    await allDropped;
    await drives(live);
  });

  it('do not hold up the end of the gateway', async () => {
    await using live = await startLive();
    const silent = await Promise.all(Array.from({ length: 100 }, () => tcp(live.port)));
    const allDropped = Promise.all(silent.map(dropped));
    const begun = performance.now();
    await live.gateway.stop();
    expect(performance.now() - begun).toBeLessThan(1000);
    await allDropped;
  });

  it.each([
    ['refused for its Host', {}, 'evil.example', 421],
    ['over maxConnections', { maxConnections: 1 }, 'localhost', 503],
  ])('are let go of when %s, even if they keep their end open', async (_why, transport, host, status) => {
    await using live = await startLive({ config: { plugins: { 'transport-websocket': transport } } });
    const client = await WireClient.connect(live.url);
    const socket = await tcp(live.port, upgradeRequest(host));
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain(`HTTP/1.1 ${status}`);
    await released(socket);
    expect(await client.ask({ Ping: {} })).toHaveProperty('Ok');
  });
});

describe('WebSockets without a handshake of the protocol', () => {
  it('are told so and closed after sessions.handshakeTimeout', async () => {
    await using live = await startLive({ config: { sessions: { handshakeTimeout: 200 } } });
    const begun = performance.now();
    const silent = await WireClient.open(live.url);
    expect(await silent.closed).toMatchObject({ code: 1008, reason: 'no handshake' });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(200);
    expect(silent.events).toMatchObject([{ Error: { Id: 0, ErrorCode: 1 } }]);
  });

  it('are closed by the same deadline when they talk, but not of a handshake', async () => {
    await using live = await startLive({ config: { sessions: { handshakeTimeout: 200 } } });
    const client = await WireClient.open(live.url);
    const refusal = await client.ask({ OutputCmd: { DeviceIndex: 0, FeatureIndex: 0, Command: VIBRATE } });
    expect(refusal).toMatchObject({ Error: { ErrorCode: 1 } });
    expect(await client.closed).toMatchObject({ code: 1008 });
    expect((await live.simulated.output(TESTBED, 0)).level).toBe(0);
  });

  it('make room for whoever comes next, the oldest first', async () => {
    await using live = await startLive({ config: { sessions: { maxPending: 3 } } });
    const ready = await WireClient.connect(live.url);
    const silent: WireClient[] = [];
    for (let count = 0; count < 5; count += 1) silent.push(await WireClient.open(live.url));
    const [first, second, ...young] = silent;
    expect(await first?.closed).toMatchObject({ code: 1008, reason: 'too many connections without a handshake' });
    expect(await second?.closed).toMatchObject({ code: 1008 });
    const handshake: Message = { RequestServerInfo: { ClientName: 'late, not too late', MessageVersion: 3 } };
    for (const client of young) expect(await client.ask(handshake)).toHaveProperty('ServerInfo');
    expect(await ready.ask({ Ping: {} })).toHaveProperty('Ok');
  });
});

describe('the end of the gateway', () => {
  it('closes every client with 1001', async () => {
    await using live = await startLive();
    const clients = await Promise.all([0, 1, 2, 3, 4].map((version) => WireClient.connect(live.url, version)));
    const pending = await WireClient.open(live.url);
    const { url } = live;
    await live.gateway.stop();
    for (const client of [...clients, pending]) {
      expect(await client.closed).toEqual({ code: 1001, reason: 'the gateway is shutting down' });
    }
    await expect(WireClient.open(url)).rejects.toThrow('ECONNREFUSED');
  });

  it('does not wait long for a client that does not answer the close', async () => {
    await using live = await startLive();
    const [deaf, other] = [await WireClient.connect(live.url), await WireClient.connect(live.url)];
    await deaf.output(0, 0, VIBRATE);
    await live.simulated.reaches(TESTBED, 0, 13);
    deaf.webSocket.pause();
    const begun = performance.now();
    await live.gateway.stop();
    expect(performance.now() - begun).toBeLessThan(PATIENCE_MS / 5);
    expect(await other.closed).toMatchObject({ code: 1001 });
    deaf.webSocket.terminate();
  });
});
