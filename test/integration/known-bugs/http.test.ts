import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../core/gateway.js';
import { type Booted, boot } from '../../support/boot.js';
import { WireClient } from '../../support/wire-client.js';

const DEVICES = [{ model: 'Pulsegate Testbed', messageGap: 0 }];
const TOY = 'pulsegate-testbed-1';

const ask = ({ gateway }: Booted, path: string, request: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${gateway.port}${path}`, request);
const json = (body: string, method = 'POST'): RequestInit => ({
  method,
  body,
  headers: { 'content-type': 'application/json' },
});

describe('B37: the HTTP interface', () => {
  it.each([
    { what: 'an unknown path', path: '/api/nothing', request: {}, status: 404 },
    { what: 'an unknown device', path: '/api/simulated/nobody', request: {}, status: 404 },
    { what: 'an unknown device to act on', path: '/api/simulated/nobody/disconnect', request: json('{}'), status: 404 },
    { what: 'an action asked for with GET', path: `/api/simulated/${TOY}/disconnect`, request: {}, status: 404 },
    { what: 'a reading asked for with PUT', path: `/api/simulated/${TOY}`, request: json('{}', 'PUT'), status: 404 },
    {
      what: 'a body that is no JSON',
      path: `/api/simulated/${TOY}/sensors`,
      request: json('{"feature":'),
      status: 400,
    },
    { what: 'a body without its fields', path: `/api/simulated/${TOY}/sensors`, request: json('{}'), status: 400 },
    {
      what: 'a field too many',
      path: `/api/simulated/${TOY}/disconnect`,
      request: json('{"awayFor":1,"x":1}'),
      status: 400,
    },
    {
      what: 'a value out of range',
      path: `/api/simulated/${TOY}/sensors`,
      request: json('{"feature":11,"value":5000}'),
      status: 400,
    },
    {
      what: 'a number as text',
      path: `/api/simulated/${TOY}/disconnect`,
      request: json('{"awayFor":"1"}'),
      status: 400,
    },
    {
      what: 'a body of another type',
      path: `/api/simulated/${TOY}/sensors`,
      request: { method: 'POST', body: new URLSearchParams({ feature: '11' }) },
      status: 415,
    },
    {
      what: 'a body that is too large',
      path: `/api/simulated/${TOY}/sensors`,
      request: json(JSON.stringify({ x: 'x'.repeat(300_000) })),
      status: 413,
    },
  ])('B37: $what is the mistake of whoever asks: $status, with a sentence', async ({ path, request, status }) => {
    await using gateway = await boot({ devices: DEVICES });
    const answer = await ask(gateway, path, request);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.stringMatching(/\w+ \w+/) });
    expect((await gateway.toy(TOY)).connected, 'and nothing happened').toBe(true);
  });

  it('B37: GET changes nothing, however often', async () => {
    await using gateway = await boot({ devices: DEVICES });
    const client = await gateway.connect();
    client.take();
    const before = await gateway.toy(TOY);
    for (let count = 0; count < 5; count += 1) {
      for (const path of ['/health', '/metrics', '/api/simulated', `/api/simulated/${TOY}`]) {
        expect((await ask(gateway, path)).status).toBe(200);
      }
    }
    await gateway.clock.advance(1000);
    const after = await gateway.toy(TOY);
    expect({ outputs: after.outputs, packets: after.packets, connected: after.connected }).toEqual({
      outputs: before.outputs,
      packets: before.packets,
      connected: before.connected,
    });
    expect(client.take()).toEqual([]);
  });

  it('B37: actions are POST', async () => {
    await using gateway = await boot({ devices: DEVICES });
    expect((await ask(gateway, `/api/simulated/${TOY}/disconnect`, json('{"awayFor":5}'))).status).toBe(204);
    expect((await gateway.toy(TOY)).connected).toBe(false);
  });
});

describe('B40: who reaches the port', () => {
  const upgrade = (gateway: Booted, origin?: string) =>
    WireClient.open(`ws://127.0.0.1:${gateway.gateway.port}`, origin === undefined ? {} : { headers: { origin } });

  it('B40: without any configuration, programs on this machine only', async () => {
    const gateway = await createGateway({ config: { log: { level: 'silent' } } });
    expect(gateway.config.http).toMatchObject({ host: '127.0.0.1', insecure: false });
  });

  it('B40: away from loopback, nobody without a token, unless that is asked for', async () => {
    const http = { host: '0.0.0.0', port: 0 };
    await expect(createGateway({ config: { http } })).rejects.toThrow(/no access token/);
    const quiet = { log: { level: 'silent' } };
    const secret = await createGateway({ config: { ...quiet, http: { ...http, token: 'a-long-enough-secret' } } });
    expect(secret.config.http.host).toBe('0.0.0.0');
    const open = await createGateway({ config: { ...quiet, http: { ...http, insecure: true } } });
    expect(open.config.http.host).toBe('0.0.0.0');
  });

  it('B40: with a list of origins, only those web pages, over WebSocket and HTTP alike; programs as before', async () => {
    await using gateway = await boot({
      config: { http: { port: 0, allowedOrigins: ['https://good.example'] } },
      devices: DEVICES,
    });
    const good = await upgrade(gateway, 'https://good.example');
    const program = await upgrade(gateway);
    for (const { webSocket } of [good, program]) webSocket.terminate();
    await expect(upgrade(gateway, 'https://evil.example')).rejects.toThrow(/403/);
    const evil = { headers: { origin: 'https://evil.example' } };
    expect((await ask(gateway, '/api/simulated', evil)).status).toBe(403);
    expect((await ask(gateway, '/api/simulated', { headers: { origin: 'https://good.example' } })).status).toBe(200);
  });

  it('B40: a page that points its own name at this machine is refused by its Host', async () => {
    await using gateway = await boot();
    const rebound = WireClient.open(`ws://127.0.0.1:${gateway.gateway.port}`, { headers: { host: 'evil.example' } });
    await expect(rebound).rejects.toThrow(/421/);
  });
});
