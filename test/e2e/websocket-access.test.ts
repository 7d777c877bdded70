import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../core/gateway.js';
import { startLive } from '../support/live-gateway.js';
import { WireClient } from '../support/wire-client.js';

/** Who may talk to the gateway: by Host, by Origin, by token, by address. */

const TOKEN = 'a-secret-of-more-than-16-characters';

/** The HTTP status of a WebSocket upgrade. */
async function upgrade(url: string, headers: Record<string, string> = {}): Promise<number> {
  try {
    const client = await WireClient.open(url, { headers });
    client.webSocket.close();
    return 101;
  } catch (error) {
    const status = /Unexpected server response: (\d+)/.exec(String(error))?.[1];
    if (status === undefined) throw error;
    return Number(status);
  }
}

describe('Host (a web page that rebinds its own name to this machine)', () => {
  it.each(['evil.example', 'evil.example:12345', 'localhost.evil.example', '127.0.0.1.evil.example', '[::2]'])(
    'refuses a WebSocket that was addressed to "%s"',
    async (Host) => {
      await using live = await startLive();
      expect(await upgrade(live.url, { Host })).toBe(421);
    },
  );

  it('refuses plain HTTP to another name as well', async () => {
    await using live = await startLive();
    const { status, text } = await get(live.port, '/api/simulated', { Host: 'evil.example' });
    expect(status).toBe(421);
    expect(text).toContain('http.allowedHosts');
  });

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1', '[::1]:99'])('serves "%s", whatever the port', async (Host) => {
    await using live = await startLive();
    expect(await upgrade(live.url, { Host })).toBe(101);
  });

  it('serves a name that http.allowedHosts lists', async () => {
    await using live = await startLive({ config: { http: { allowedHosts: ['Gateway.example.org'] } } });
    expect(await upgrade(live.url, { Host: 'gateway.example.org:443' })).toBe(101);
    expect(await upgrade(live.url, { Host: 'other.example.org' })).toBe(421);
  });

  it('serves the address it was told to listen on', async () => {
    await using live = await startLive({ config: { http: { host: '127.0.0.2' } } });
    expect(live.gateway.addresses[0]).toBe(`127.0.0.2:${live.port}`);
    expect(await upgrade(`ws://127.0.0.2:${live.port}`)).toBe(101);
  });
});

describe('Origin', () => {
  it('lets every page connect over loopback by default', async () => {
    await using live = await startLive();
    expect(await upgrade(live.url, { Origin: 'https://player.example' })).toBe(101);
  });

  it('lets only the listed pages connect, and programs, which send none', async () => {
    await using live = await startLive({ config: { http: { allowedOrigins: ['https://player.example'] } } });
    expect(await upgrade(live.url, { Origin: 'https://player.example' })).toBe(101);
    expect(await upgrade(live.url)).toBe(101);
    for (const Origin of ['https://evil.example', 'http://player.example', 'https://player.example:444', 'null']) {
      expect(await upgrade(live.url, { Origin }), Origin).toBe(403);
    }
    expect((await get(live.port, '/api/simulated', { Origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('token', () => {
  const http = { host: '0.0.0.0', token: TOKEN };

  it('does not start away from loopback without one', async () => {
    const config = { http: { host: '0.0.0.0', port: 0 } };
    await expect(createGateway({ config })).rejects.toThrow(/access token/);
  });

  it.each([
    ['no token', '', {}],
    ['a wrong one in the header', '', { Authorization: `Bearer ${TOKEN.replace('a', 'b')}` }],
    ['a wrong one in the address', '/?token=wrong-secret-of-20-characters', {}],
    ['half of it', `/?token=${TOKEN.slice(0, 20)}`, {}],
    ['more than it', `/?token=${TOKEN}x`, {}],
    ['an empty one', '/?token=', {}],
    ['another scheme', '', { Authorization: `Basic ${TOKEN}` }],
  ])('gives nothing to a client with %s', async (_what, path, headers) => {
    await using live = await startLive({ config: { http } });
    expect(await upgrade(`${live.url}${path}`, headers)).toBe(401);
    const { status, text } = await get(live.port, `/api/simulated${path.replace('/', '')}`, headers);
    expect(status).toBe(401);
    expect(text).not.toContain('testbed');
    expect((await get(live.port, `/metrics${path.replace('/', '')}`, headers)).status).toBe(401);
  });

  it.each([
    ['in the header', '', { Authorization: `Bearer ${TOKEN}` }],
    ['in the address', `/?token=${TOKEN}`, {}],
  ])('lets a client in that brings it %s', async (_where, path, headers) => {
    await using live = await startLive({ config: { http } });
    expect(await upgrade(`${live.url}${path}`, headers)).toBe(101);
    expect((await get(live.port, `/api/simulated${path.replace('/', '')}`, headers)).status).toBe(200);
  });

  it('is asked for on loopback too, once there is one, and not for /health', async () => {
    await using live = await startLive({ config: { http: { token: TOKEN } } });
    expect(await upgrade(live.url)).toBe(401);
    expect((await get(live.port, '/health')).status).toBe(200);
  });

  it('does not open the door to a rebound name', async () => {
    await using live = await startLive({ config: { http } });
    expect(await upgrade(`${live.url}/?token=${TOKEN}`, { Host: 'evil.example' })).toBe(421);
    expect(await upgrade(`${live.url}/?token=${TOKEN}`, { Host: '192.0.2.7:12345' })).toBe(101);
  });

  it('stays out of the log', async () => {
    await using live = await startLive({ config: { http } });
    await upgrade(`${live.url}/?token=${TOKEN}`);
    await upgrade(`${live.url}/?token=${TOKEN}&x`, { Host: 'evil.example' });
    expect(live.log.join('')).toContain('evil.example');
    expect(live.log.join('')).not.toContain(TOKEN);
  });
});

describe('loopback', () => {
  it('means 127.0.0.1 and ::1 alike, because "localhost" is either', async () => {
    await using live = await startLive();
    const { addresses, port } = live.gateway;
    expect(addresses).toEqual([`127.0.0.1:${port}`, `[::1]:${port}`]);
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      const client = await WireClient.connect(`ws://${host}:${port}`);
      expect(await client.ask({ Ping: {} }), host).toHaveProperty('Ok');
      client.webSocket.close();
    }
  });

  it('can be ::1 alone', async () => {
    await using live = await startLive({ config: { http: { host: '::1' } } });
    expect(live.gateway.addresses).toEqual([`[::1]:${live.port}`]);
    expect(await upgrade(`ws://[::1]:${live.port}`)).toBe(101);
  });
});

function get(port: number, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    asked.on('error', reject);
    asked.end();
  });
}
