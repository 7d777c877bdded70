import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptBootOptions, type ScriptedGateway } from '../../support/scripting/boot-scripts.js';

const STEADY = 'every(1000, () => {});';
const TOKEN = 'a-long-enough-secret';

async function ask({ booted }: ScriptedGateway, method: string, path: string, token?: string) {
  const answer = await fetch(`http://127.0.0.1:${booted.gateway.port}${path}`, {
    method,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const body: unknown = await answer.json();
  return { status: answer.status, body };
}

const start = (options: ScriptBootOptions = {}) =>
  bootScripts({ scripts: { 'one.js': `/* pulsegate\ndescription: Does things.\n*/\n${STEADY}` }, ...options });

describe('GET /api/scripts', () => {
  it('lists every script with its state, grants and last error', async () => {
    await using gateway = await start();
    await gateway.advance(100);
    expect((await ask(gateway, 'GET', '/api/scripts')).body).toEqual({
      host: { state: 'running', residentMb: expect.any(Number), retired: 0 },
      scripts: [
        {
          name: 'one',
          file: 'one.js',
          title: 'one',
          description: 'Does things.',
          isExample: false,
          state: 'running',
          since: '2026-01-01T00:00:00.000Z',
          starts: 1,
          session: 'script-1-one',
          grants: { devices: 'all', http: [], mqtt: { subscribe: [], publish: [] } },
        },
      ],
    });
  });

  it('shows one, and says which there are when there is no such one', async () => {
    await using gateway = await start();
    expect((await ask(gateway, 'GET', '/api/scripts/one')).body).toMatchObject({ name: 'one' });
    expect(await ask(gateway, 'GET', '/api/scripts/two')).toEqual({
      status: 404,
      body: { error: 'There is no script "two"; there are one' },
    });
  });
});

describe('POST /api/scripts', () => {
  it.each(['start', 'restart'])('%s needs a token, also on this machine', async (action) => {
    await using gateway = await start();
    expect(await ask(gateway, 'POST', `/api/scripts/one/${action}`)).toEqual({
      status: 403,
      body: {
        error:
          'Scripts are started over HTTP only with a token; set scripts.token (or http.token) in the configuration',
      },
    });
  });

  it('stop needs none: whoever is here may stop things', async () => {
    await using gateway = await start();
    await gateway.advance(100);
    expect((await ask(gateway, 'POST', '/api/scripts/one/stop')).status).toBe(202);
    await gateway.advance(200);
    expect(gateway.status('one').state).toBe('off');
  });

  it('takes the token of the scripts, and that of everything', async () => {
    await using own = await start({ section: { token: TOKEN } });
    await own.advance(100);
    expect((await ask(own, 'POST', '/api/scripts/one/restart', TOKEN)).status).toBe(202);
    await own.advance(200);
    expect(own.status('one')).toMatchObject({ state: 'running', starts: 2 });

    await using common = await start({ config: { http: { port: 0, token: TOKEN } } });
    expect((await ask(common, 'POST', '/api/scripts/one/restart')).status).toBe(401);
    expect((await ask(common, 'POST', '/api/scripts/one/restart', TOKEN)).status).toBe(202);
  });

  it('knows no other scripts and no other actions', async () => {
    await using gateway = await start({ section: { token: TOKEN } });
    expect((await ask(gateway, 'POST', '/api/scripts/two/start', TOKEN)).status).toBe(404);
    expect((await ask(gateway, 'POST', '/api/scripts/..%2fone/start', TOKEN)).status).toBe(404);
    expect((await ask(gateway, 'POST', '/api/scripts/one/delete', TOKEN)).status).toBe(404);
  });
});
