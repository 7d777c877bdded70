import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type LiveGateway, startLive, TESTBED } from '../support/live-gateway.js';
import { sessions } from '../support/stop/stage.js';
import { PATIENCE_MS } from '../support/timing.js';
import { WireClient } from '../support/wire-client.js';

const VIBRATE = { Vibrate: { Value: 13 } };
const testbeds = (count: number) => Array.from({ length: count }, () => ({ model: 'Pulsegate Testbed' }));

describe('transport-websocket', () => {
  let live: LiveGateway | undefined;
  const start = async (transport: object, devices = 1) => {
    live = await startLive({
      config: {
        plugins: { 'transport-websocket': transport, 'hardware-simulated': { devices: testbeds(devices) } },
      },
      devices,
    });
    return live;
  };

  afterEach(() => live?.[Symbol.asyncDispose]());

  it('compresses nothing, whatever a client offers', async () => {
    const { url } = await start({});
    const client = await WireClient.open(url, { perMessageDeflate: true });
    expect(client.webSocket.extensions).toBe('');
  });

  it('reads a binary frame as the text it holds', async () => {
    const { url } = await start({});
    const client = await WireClient.connect(url);
    client.raw(Buffer.from('[{"Ping":{"Id":77}}]'));
    expect(await client.event(({ Ok }) => Ok?.Id === 77)).toEqual({ Ok: { Id: 77 } });
  });

  it('answers a binary frame that holds no text with code 3, and goes on', async () => {
    const { url } = await start({});
    const client = await WireClient.connect(url);
    client.raw(Buffer.from([0, 255, 254, 1]));
    expect(await client.event((message) => message.Error !== undefined)).toMatchObject({
      Error: { Id: 0, ErrorCode: 3 },
    });
    expect(await client.ask({ Ping: {} })).toHaveProperty('Ok');
  });

  it.each([
    ['in one piece', (client: WireClient, text: string) => client.raw(text)],
    [
      'in fragments that are small each',
      (client: WireClient, text: string) => {
        for (let at = 0; at < text.length; at += 1000) {
          client.webSocket.send(text.slice(at, at + 1000), { fin: at + 1000 >= text.length });
        }
      },
    ],
  ])('closes a client that sends more than maxPayload %s with 1009, and that client alone', async (_how, send) => {
    const { url, simulated } = await start({ maxPayload: 2048 }, 2);
    const [greedy, other] = [await WireClient.connect(url), await WireClient.connect(url)];
    await greedy.output(0, 0, VIBRATE);
    await other.output(1, 0, VIBRATE);
    await simulated.reaches(TESTBED, 0, 13);
    send(greedy, `[{"Test":{"Id":5,"TestString":"${'x'.repeat(2048)}"}}]`);
    expect(await greedy.closed).toMatchObject({ code: 1009 });
    await simulated.reaches(TESTBED, 0, 0);
    expect(await other.ask({ Ping: {} })).toHaveProperty('Ok');
    expect((await simulated.output('pulsegate-testbed-2', 0)).level).toBe(13);
  });

  it('takes a frame of exactly maxPayload', async () => {
    const { url } = await start({ maxPayload: 2048 });
    const client = await WireClient.connect(url);
    client.raw('[{"Ping":{"Id":78}}]'.padEnd(2048));
    expect(await client.event(({ Ok }) => Ok?.Id === 78)).toBeDefined();
  });

  it('closes a client that breaks the rules of WebSocket, and that client alone', async () => {
    const { url, simulated } = await start({});
    const [broken, other] = [await WireClient.connect(url), await WireClient.connect(url)];
    await broken.output(0, 0, VIBRATE);
    await simulated.reaches(TESTBED, 0, 13);
    // A client's frames have to be masked; this one is not.
    broken.socket.write(Buffer.from([0x81, 0x02, 0x5b, 0x5d]));
    expect(await broken.closed).toMatchObject({ code: 1002 });
    await simulated.reaches(TESTBED, 0, 0);
    expect(await other.ask({ Ping: {} })).toHaveProperty('Ok');
  });

  it('cuts a client that leaves more than maxBuffered unread, and that client alone', async () => {
    const { url, simulated, gateway } = await start({ maxBuffered: 65_536, heartbeat: 0 }, 20);
    const [slow, other] = [await WireClient.connect(url), await WireClient.connect(url)];
    await slow.output(0, 0, VIBRATE);
    await other.output(1, 0, VIBRATE);
    await simulated.reaches(TESTBED, 0, 13);
    slow.webSocket.pause();
    const asking = setInterval(() => {
      if (slow.webSocket.readyState !== slow.webSocket.OPEN) return;
      slow.tell(...Array.from({ length: 100 }, (_, index) => ({ RequestDeviceList: { Id: index + 1 } })));
    }, 5);
    try {
      await simulated.reaches(TESTBED, 0, 0);
    } finally {
      clearInterval(asking);
    }
    expect(await other.ask({ Ping: {} })).toHaveProperty('Ok');
    expect((await simulated.output('pulsegate-testbed-2', 0)).level).toBe(13);
    slow.webSocket.resume();
    expect(await slow.closed).toMatchObject({ code: 1006 });
    expect(gateway.plugins.find(({ name }) => name === 'transport-websocket')?.state).toBe('running');
  });

  it('asks a silent client for a sign of life, and keeps one that gives it', async () => {
    const { url, simulated } = await start({ heartbeat: 50 });
    const client = await WireClient.connect(url);
    await client.output(0, 0, VIBRATE);
    for (let beats = 0; beats < 5; beats += 1) await once(client.webSocket, 'ping');
    expect(await client.ask({ Ping: {} })).toHaveProperty('Ok');
    expect((await simulated.output(TESTBED, 0)).level).toBe(13);
  });

  it('takes up to maxConnections at a time, refuses the next with 503, and has room again when one leaves', async () => {
    const gateway = await start({ maxConnections: 2 });
    const [first, second] = [await WireClient.connect(gateway.url), await WireClient.connect(gateway.url)];
    await expect(WireClient.open(gateway.url)).rejects.toThrow('503');
    expect(await second.ask({ Ping: {} })).toHaveProperty('Ok');
    first.webSocket.close();
    await sessions(gateway, 1);
    const third = await WireClient.connect(gateway.url);
    expect(await third.ask({ Ping: {} })).toHaveProperty('Ok');
  });

  it('is not in the way of plain HTTP on the same port', async () => {
    const { port } = await start({});
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    expect(await answer.json()).toMatchObject({
      status: 'ok',
      plugins: { 'transport-websocket': { state: 'running' } },
    });
  });
});
