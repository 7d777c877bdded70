import { getEventListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { setDefaultCACertificates } from 'node:tls';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock, withDeadline } from '../../../core/clock.js';
import { ScriptError } from '../../../core/errors.js';
import { HttpAccess, type HttpAccessOptions } from '../../../core/scripting/access/http-access.js';
import { FakeClock } from '../../support/fake-clock.js';
import { PATIENCE_MS } from '../../support/timing.js';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Handler = (response: ServerResponse, seen: Seen) => void;

const sites: Site[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

const soon = <T>(work: Promise<T>, what: string) =>
  withDeadline(systemClock, PATIENCE_MS, work, () => new Error(`${what} did not happen`));

/** A server on this machine that notes who came, and what for. */
class Site {
  readonly seen: Seen[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #watchers = new Set<() => void>();
  connections = 0;

  private constructor(private readonly server: Server) {
    sites.push(this);
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#look();
      });
      this.#look();
    });
  }

  static async #open(server: Server): Promise<Site> {
    const site = new Site(server);
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return site;
  }

  static async open(handler: Handler, tls?: { readonly key: string; readonly cert: string }): Promise<Site> {
    const listener = async (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      await new Promise((resolve) => request.once('close', resolve));
      const { method, url, headers } = request;
      const seen = { method, url, headers, body: Buffer.concat(chunks).toString() };
      site.seen.push(seen);
      handler(response, seen);
      site.#look();
    };
    const site = await Site.#open(tls ? createSecureServer(tls, listener) : createServer(listener));
    return site;
  }

  /** Answers whatever comes with these bytes. */
  static raw(text: string, after: 'end' | 'stay' = 'end'): Promise<Site> {
    return Site.#open(
      createSocketServer((socket) => {
        socket.once('data', () => {
          socket.write(text, 'latin1');
          if (after === 'end') socket.end();
        });
      }),
    );
  }

  get port(): number {
    const address: AddressInfo | string | null = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The site is not open');
    return address.port;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  get open(): number {
    return this.#sockets.size;
  }

  until(condition: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (condition()) resolve();
    };
    this.#watchers.add(look);
    look();
    return soon(promise, 'What a site waits for');
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #look(): void {
    for (const look of this.#watchers) look();
  }
}

const log = pino({ level: 'silent' });

type Setup = Partial<Omit<HttpAccessOptions, 'hosts'>> & { readonly addresses?: readonly string[] };

/** Names lead to `addresses`; no test asks the network. */
function access(hosts: readonly string[], { addresses, ...options }: Setup = {}): HttpAccess {
  const lookup = async () => (addresses ?? []).map((address) => ({ address, family: 4 }));
  return new HttpAccess({ hosts, maxPerMinute: 1000, clock: new FakeClock(), log, lookup, ...options });
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await soon(
    work.then(
      () => 'nothing was refused',
      (reason: unknown) => reason,
    ),
    'The end of a request',
  );
  expect(error).toBeInstanceOf(ScriptError);
  return String(error).replace('ScriptError: ', '');
}

const ok: Handler = (response) => response.end('ok');
const redirectTo =
  (status: number, location: (seen: Seen) => string): Handler =>
  (response, seen) =>
    response.writeHead(status, { location: location(seen) }).end();

describe('a request of a script', () => {
  it('brings back status, headers and text', async () => {
    const site = await Site.open((response) => {
      response.writeHead(201, 'Made it', { 'X-Kind': 'a', 'Set-Cookie': ['a=1', 'b=2'] }).end('née 💡');
    });
    const answer = await access([site.host]).fetch({ url: `${site.url}/path?q=1#fragment` });
    expect(answer).toEqual({
      status: 201,
      statusText: 'Made it',
      url: `${site.url}/path?q=1#fragment`,
      headers: expect.objectContaining({ 'x-kind': 'a', 'set-cookie': 'a=1, b=2' }),
      body: 'née 💡',
    });
    const [seen] = site.seen;
    expect(seen).toEqual({
      method: 'GET',
      url: '/path?q=1',
      headers: { host: site.host, 'accept-encoding': 'identity', connection: 'close' },
      body: '',
    });
  });

  it('may have a method, headers and a body', async () => {
    const site = await Site.open(ok);
    const http = access([site.host]);
    const headers = { 'Content-Type': 'text/plain', Authorization: 'Bearer x', 'x-latin': 'ü', __proto__x: '1' };
    await http.fetch({ url: site.url, method: 'POST', headers, body: 'née' });
    expect(site.seen[0]).toMatchObject({ method: 'POST', body: 'née' });
    expect(site.seen[0]?.headers).toMatchObject({
      'content-type': 'text/plain',
      authorization: 'Bearer x',
      'content-length': '4',
    });
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) await http.fetch({ url: site.url, method });
    await http.fetch({ url: site.url, method: 'DELETE', body: 'x' });
    expect(
      site.seen.slice(1).map(({ method, headers: { 'content-length': length } }) => `${method} ${length}`),
    ).toEqual(['GET undefined', 'HEAD undefined', 'POST 0', 'PUT 0', 'PATCH 0', 'DELETE undefined', 'DELETE 1']);
    expect(site.connections).toBe(8);
  });

  it('is a connection of its own, which does not outlive it', async () => {
    const site = await Site.open(ok);
    await access([site.host]).fetch({ url: site.url });
    await site.until(() => site.open === 0);
  });

  it('is read as UTF-8, whatever it is', async () => {
    const site = await Site.open((response) => response.end(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x00])));
    expect((await access([site.host]).fetch({ url: site.url })).body).toBe('a\ufffd\u0000');
  });

  it('may be answered with headers that mean something to JavaScript', async () => {
    const site = await Site.raw(
      'HTTP/1.1 200 OK\r\n__proto__: a\r\nconstructor: b\r\nx: \xfc\r\ncontent-length: 0\r\n\r\n',
    );
    const { headers } = await access([site.host]).fetch({ url: site.url });
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['x', 'ü'],
      ['content-length', '0'],
    ]);
  });

  it.each([
    ['no object', null, 'must be an object with a url'],
    ['no url', {}, 'url must be text of 1 to 2048 characters'],
    ['a long url', { url: `http://a/${'x'.repeat(2048)}` }, 'url must be text'],
    ['a url of another kind', { url: ['http://a/'] }, 'url must be text'],
    ['an odd method', { method: 'CONNECT' }, 'method must be GET, HEAD'],
    ['a method in lower case', { method: 'get' }, 'method must be GET, HEAD'],
    ['a method with a line break', { method: 'GET / HTTP/1.1\r\n\r\nGET' }, 'method must be GET, HEAD'],
    ['a header name with a space', { headers: { 'a b': 'x' } }, 'headers must be an object'],
    ['a header name with a line break', { headers: { 'a\r\nhost': 'x' } }, 'headers must be an object'],
    ['a header value with a line break', { headers: { a: 'x\r\nhost: y' } }, 'headers must be an object'],
    ['a header value with a line feed at its end', { headers: { a: 'x\n' } }, 'headers must be an object'],
    ['a header value of no Latin-1', { headers: { a: '\u010d\u010a' } }, 'headers must be an object'],
    ['a header that is a list', { headers: { a: ['x', 'y'] } }, 'headers must be an object'],
    ['headers that are a list', { headers: [['a', 'x']] }, 'headers must be an object'],
    [
      'many headers',
      { headers: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`h${index}`, ''])) },
      'headers must be an object of at most 32',
    ],
    [
      'a body that is too long',
      { method: 'POST', body: 'é'.repeat(33_000) },
      'body must be text of at most 65536 bytes',
    ],
    ['a body of another kind', { method: 'POST', body: { a: 1 } }, 'body must be text'],
    ['a body where there is none', { body: 'x' }, 'A GET request has no body'],
    ['a body for HEAD', { method: 'HEAD', body: '' }, 'A HEAD request has no body'],
    ['no time', { timeoutMs: 0 }, 'timeoutMs must be a whole number from 1 to 30000'],
    ['a lot of time', { timeoutMs: 30_001 }, 'timeoutMs must be'],
    ['no number', { timeoutMs: '5' }, 'timeoutMs must be'],
    ['another field', { agent: {} }, 'there is no field "agent"; there are url, method,'],
  ])('with %s is refused', async (_what, request, reason) => {
    const site = await Site.open(ok);
    const whole = request === null || Object.keys(request).length === 0 ? request : { url: site.url, ...request };
    expect(await refusalOf(access([site.host]).fetch(whole))).toContain(reason);
    expect(site.connections).toBe(0);
  });

  it.each([
    ...[
      'Host',
      'connection',
      'Transfer-Encoding',
      'CONTENT-LENGTH',
      'upgrade',
      'TE',
      'trailer',
      'keep-alive',
      'expect',
    ],
    ...['proxy-authorization', 'Proxy-Connection', 'proxy-', 'accept-encoding'],
  ])('may not set the header %s', async (name) => {
    const site = await Site.open(ok);
    const work = access([site.host]).fetch({ url: site.url, headers: { [name]: 'x' } });
    expect(await refusalOf(work)).toBe(`The header ${name.toLowerCase()} is not for scripts to set: leave it out`);
    expect(site.connections).toBe(0);
  });
});

describe('where a request goes', () => {
  it('is what was granted', async () => {
    const site = await Site.open(ok);
    const http = access(['api.example.org', `127.0.0.1:${site.port + 1}`], { addresses: ['127.0.0.1'] });
    expect(await refusalOf(http.fetch({ url: site.url }))).toContain(`"http: [${site.host}]" in its header`);
    for (const url of [
      'http://localhost/',
      `http://2130706433:${site.port}/`,
      `http://[::ffff:7f00:1]:${site.port}/`,
    ]) {
      expect(await refusalOf(http.fetch({ url }))).toContain('is not granted');
    }
    expect(site.connections).toBe(0);
  });

  it('may be localhost, looked up as every program does', async () => {
    const site = await Site.open(ok);
    const http = new HttpAccess({
      hosts: [`localhost:${site.port}`],
      maxPerMinute: 10,
      clock: systemClock,
      log,
    });
    expect((await http.fetch({ url: `http://localhost:${site.port}/` })).body).toBe('ok');
    expect(site.seen[0]?.headers.host).toBe(`localhost:${site.port}`);
  });

  it.each([
    ['127.0.0.1'],
    ['::1'],
    ['192.168.1.1', '10.0.0.1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['fe80::1%lo'],
    ['0.0.0.0'],
    ['not an address'],
  ])('is never this network because a name leads there: %s', async (...addresses) => {
    const site = await Site.open(ok);
    const work = access([`api.example.test:${site.port}`], { addresses }).fetch({
      url: `http://api.example.test:${site.port}/`,
    });
    expect(await refusalOf(work)).toContain(`leads to ${addresses.join(', ')}, which is not on the internet`);
    expect(site.connections).toBe(0);
  });

  it('may be this network when the name was granted as private', async () => {
    const site = await Site.open(ok);
    const http = access([`private:api.example.test:${site.port}`], { addresses: ['127.0.0.1'] });
    expect(await http.fetch({ url: `http://api.EXAMPLE.test.:${site.port}/` })).toMatchObject({
      body: 'ok',
      url: `http://api.example.test:${site.port}/`,
    });
    expect(site.seen[0]?.headers.host).toBe(`api.example.test:${site.port}`);
  });

  it('is only those of several addresses that the name may lead to', async () => {
    const site = await Site.open(ok);
    const addresses = ['0.0.0.0', '169.254.169.254', '::ffff:127.0.0.1', '127.0.0.1'];
    const http = access([`private:api.example.test:${site.port}`], { addresses });
    expect((await http.fetch({ url: `http://api.example.test:${site.port}/` })).body).toBe('ok');
    expect(site.connections).toBe(1);
  });

  it('is no address that the name may not lead to, though the others do not answer', async () => {
    const site = await Site.open(ok);
    const addresses = ['::ffff:127.0.0.1', '0.0.0.0', '::1'];
    const http = access([`private:api.example.test:${site.port}`], { addresses });
    expect(await refusalOf(http.fetch({ url: `http://api.example.test:${site.port}/` }))).toContain(
      'could not be fetched',
    );
    expect(site.connections).toBe(0);
  });

  it('is the next address when nobody listens at the first', async () => {
    const site = await Site.open(ok);
    const http = access([`private:api.example.test:${site.port}`], { addresses: ['::1', '127.0.0.1'] });
    expect((await http.fetch({ url: `http://api.example.test:${site.port}/` })).body).toBe('ok');
  });

  it('is the address that was checked, whatever the name leads to a moment later', async () => {
    const site = await Site.open(ok);
    let lookups = 0;
    const lookup = async () => {
      lookups += 1;
      return [{ address: lookups === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
    };
    const http = access([`private:api.example.test:${site.port}`], { lookup });
    const url = `http://api.example.test:${site.port}/`;
    expect((await http.fetch({ url })).body).toBe('ok');
    expect(lookups).toBe(1);
    expect(await refusalOf(http.fetch({ url }))).toContain('169.254.169.254, which is not on the internet');
    expect(site.connections).toBe(1);
  });

  it('is told when the name leads nowhere', async () => {
    const failed = Object.assign(new Error('getaddrinfo ENOTFOUND api.example.test'), { code: 'ENOTFOUND' });
    const nowhere = access(['api.example.test'], { lookup: () => Promise.reject(failed) });
    expect(await refusalOf(nowhere.fetch({ url: 'http://api.example.test/' }))).toBe(
      'api.example.test could not be fetched: its name does not exist',
    );
    expect(await refusalOf(access(['a.example']).fetch({ url: 'http://a.example/' }))).toBe('a.example has no address');
  });

  it('is refused at once when an entry of the grant makes no sense', () => {
    expect(() => access(['http://api.example.org'])).toThrow(ScriptError);
  });
});

describe('a redirect', () => {
  it('is followed three times, and no further', async () => {
    const site = await Site.open((response, { url }) => {
      const left = Number(url?.slice(1));
      if (left === 0) response.end('there');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const http = access([site.host]);
    expect(await http.fetch({ url: `${site.url}/3` })).toMatchObject({ body: 'there', url: `${site.url}/0` });
    expect(site.connections).toBe(4);
    expect(await refusalOf(http.fetch({ url: `${site.url}/4` }))).toBe('127.0.0.1 redirects more than 3 times');
    expect(site.connections).toBe(8);
  });

  it.each([
    [301, 'GET', 'GET'],
    [301, 'POST', 'GET'],
    [301, 'PUT', 'PUT'],
    [302, 'POST', 'GET'],
    [302, 'HEAD', 'HEAD'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
  ])('with %i turns %s into %s, as browsers do', async (status, method, then) => {
    const site = await Site.open((response, { url }) => {
      if (url === '/then') response.end();
      else response.writeHead(status, { location: 'then' }).end('what nobody reads');
    });
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const headers = { 'Content-Type': 'text/plain', Authorization: 'secret', Cookie: 'a=1', 'x-kept': '1' };
    await access([site.host]).fetch({ url: site.url, method, headers, ...(hasBody ? { body: 'text' } : {}) });
    const keepsBody = hasBody && then === method;
    const last = site.seen[1];
    expect(last).toMatchObject({ method: then, body: keepsBody ? 'text' : '' });
    expect(last?.headers).toMatchObject({ authorization: 'secret', cookie: 'a=1', 'x-kept': '1' });
    expect(last?.headers['content-type']).toBe(then === method ? 'text/plain' : undefined);
    expect(last?.headers['content-length']).toBe(keepsBody ? '4' : undefined);
  });

  it('shows another origin no credentials, nor the first one that it leads back to', async () => {
    const first: Site = await Site.open((response, { url }) => {
      if (url === '/back') response.end('back');
      else response.writeHead(307, { location: `${second.url}/` }).end();
    });
    const second: Site = await Site.open(redirectTo(307, () => `${first.url}/back`));
    const headers = { AUTHORIZATION: 'secret', cookie: 'a=1', 'x-kept': '1' };
    const http = access([first.host, second.host]);
    expect((await http.fetch({ url: first.url, method: 'POST', headers, body: 'text' })).body).toBe('back');
    for (const seen of [second.seen[0], first.seen[1]]) {
      expect(seen).toMatchObject({ method: 'POST', body: 'text' });
      expect(seen?.headers).toMatchObject({ 'x-kept': '1' });
      expect(seen?.headers).not.toHaveProperty('authorization');
      expect(seen?.headers).not.toHaveProperty('cookie');
    }
  });

  it.each([
    ['http://api.example.org:8080/', 'but 127.0.0.1:PORT redirects there'],
    ['http://169.254.169.254/latest/meta-data', 'is not granted'],
    ['http://127.0.0.1/', 'is not granted'],
    ['//2130706433:1/', 'is not granted'],
    ['file:///etc/passwd', 'Only http: and https:'],
    ['http://user:password@granted.example/', 'do not belong into an address'],
    ['http://[', '127.0.0.1:PORT redirects to "http://[", which is no address'],
    [`/${'x'.repeat(3000)}`, 'which is no address'],
    ['http://granted.example/', 'granted.example leads to 10.0.0.1, which is not on the internet'],
  ])('to what a script may not ask for is refused: %s', async (location, reason) => {
    const site = await Site.open(redirectTo(302, () => location));
    const http = access([site.host, 'granted.example'], { addresses: ['10.0.0.1'] });
    expect(await refusalOf(http.fetch({ url: site.url }))).toContain(reason.replace('PORT', `${site.port}`));
    expect(site.connections).toBe(1);
    await site.until(() => site.open === 0);
  });

  it('whose own text never ends is followed all the same', async () => {
    const site = await Site.open((response, { url }) => {
      if (url === '/then') response.end('then');
      else response.writeHead(302, { location: '/then' }).write('and');
    });
    expect((await access([site.host]).fetch({ url: site.url })).body).toBe('then');
    await site.until(() => site.open === 0);
  });

  it('that leads nowhere is an answer', async () => {
    const site = await Site.open((response) => response.writeHead(302).end('nowhere'));
    const other = await Site.open((response) => response.writeHead(304, { location: '/x' }).end());
    const http = access([site.host, other.host]);
    expect(await http.fetch({ url: site.url })).toMatchObject({ status: 302, body: 'nowhere' });
    expect(await http.fetch({ url: other.url })).toMatchObject({ status: 304, body: '' });
  });
});

describe('limits', () => {
  it('an answer may be as long as it may be, and no longer', async () => {
    const site = await Site.open((response, { url }) => response.end('x'.repeat(Number(url?.slice(1)))));
    const http = access([site.host], { maxResponseBytes: 1000 });
    expect((await http.fetch({ url: `${site.url}/1000` })).body).toHaveLength(1000);
    expect(await refusalOf(http.fetch({ url: `${site.url}/1001` }))).toBe(
      'The answer is too long: a script may read 1000 bytes of one',
    );
    expect((await access([site.host]).fetch({ url: `${site.url}/${256 * 1024}` })).body).toHaveLength(256 * 1024);
    expect(await refusalOf(access([site.host]).fetch({ url: `${site.url}/${256 * 1024 + 1}` }))).toContain('too long');
  });

  it('an answer without end is cut off, and its connection closed', async () => {
    const site = await Site.open((response) => {
      const more = () => {
        while (response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    expect(await refusalOf(access([site.host]).fetch({ url: site.url }))).toContain('too long');
    await site.until(() => site.open === 0);
  });

  it('time is over for a site that does not answer', async () => {
    const site = await Site.open(() => {});
    const clock = new FakeClock();
    const http = access([site.host], { clock });
    const work = refusalOf(http.fetch({ url: site.url }));
    await site.until(() => site.seen.length === 1);
    await clock.advance(9_999);
    expect(site.open).toBe(1);
    await clock.advance(1);
    expect(await work).toBe('127.0.0.1 did not answer in full within 10000 ms');
    await site.until(() => site.open === 0);
    expect(clock.waiting).toBe(0);
  });

  it('time is over for a site that answers little by little', async () => {
    const written = Promise.withResolvers<void>();
    const site = await Site.open((response) => {
      response.write('x', () => written.resolve());
    });
    const clock = new FakeClock();
    const work = refusalOf(access([site.host], { clock }).fetch({ url: site.url, timeoutMs: 50 }));
    await soon(written.promise, 'The first byte');
    await clock.advance(50);
    expect(await work).toContain('within 50 ms');
    await site.until(() => site.open === 0);
  });

  it('time counts over all redirects', async () => {
    const site: Site = await Site.open((response, { url }) => {
      if (url === '/') response.writeHead(302, { location: '/silent' }).end();
    });
    const clock = new FakeClock();
    const work = refusalOf(access([site.host], { clock }).fetch({ url: site.url, timeoutMs: 1000 }));
    await site.until(() => site.seen.length === 2);
    await clock.advance(1000);
    expect(await work).toContain('within 1000 ms');
  });

  it('no timer and no listener is left behind', async () => {
    const site = await Site.open(ok);
    const clock = new FakeClock();
    const http = access([site.host, 'a.example'], { clock });
    const script = new AbortController();
    await http.fetch({ url: site.url }, script.signal);
    await refusalOf(http.fetch({ url: 'http://a.example/' }, script.signal));
    await refusalOf(http.fetch({ url: 'http://b.example/' }, script.signal));
    expect(clock.waiting).toBe(0);
    expect(getEventListeners(script.signal, 'abort')).toEqual([]);
  });

  it('a script that ends takes its requests along', async () => {
    const site = await Site.open(() => {});
    const clock = new FakeClock();
    const http = access([site.host], { clock });
    const script = new AbortController();
    const work = refusalOf(http.fetch({ url: site.url }, script.signal));
    await site.until(() => site.seen.length === 1);
    script.abort(new Error('the script has ended'));
    expect(await work).toBe('The request was cancelled');
    await site.until(() => site.open === 0);
    expect(clock.waiting).toBe(0);
    expect(await refusalOf(http.fetch({ url: site.url }, script.signal))).toBe('The request was cancelled');
    expect(site.connections).toBe(1);
  });

  it('so many requests a minute, then one whenever the next is due', async () => {
    const site = await Site.open(ok);
    const clock = new FakeClock();
    const http = access([site.host], { clock, maxPerMinute: 3 });
    const get = () => http.fetch({ url: site.url });
    for (let count = 0; count < 3; count += 1) await get();
    expect(await refusalOf(get())).toBe('This script has made all its requests: the next is possible in 20 s');
    await clock.advance(15_000);
    expect(await refusalOf(get())).toContain('in 5 s');
    await clock.advance(5_000);
    await get();
    expect(await refusalOf(get())).toContain('in 20 s');
    await clock.advance(10 * 60_000);
    for (let count = 0; count < 3; count += 1) await get();
    expect(await refusalOf(get())).toContain('in 20 s');
    expect(site.connections).toBe(7);
  });

  it('what is refused before it is sent costs nothing', async () => {
    const site = await Site.open(ok);
    const http = access([site.host], { maxPerMinute: 1 });
    for (let count = 0; count < 5; count += 1) await refusalOf(http.fetch({ url: 'http://b.example/' }));
    await http.fetch({ url: site.url });
  });

  it('four requests at a time', async () => {
    const responses: ServerResponse[] = [];
    const site = await Site.open((response) => responses.push(response));
    const http = access([site.host]);
    const get = () => http.fetch({ url: site.url });
    const work = Array.from({ length: 4 }, get);
    expect(await refusalOf(get())).toContain('4 requests of this script are under way');
    await site.until(() => site.seen.length === 4);
    responses[0]?.end('first');
    expect((await Promise.race(work)).body).toBe('first');
    const fifth = get();
    await site.until(() => site.seen.length === 5);
    for (const response of responses) response.end();
    await Promise.all([...work, fifth]);
  });

  it('a name that is still being looked up counts as under way, though its time is over', async () => {
    const clock = new FakeClock();
    const found = Promise.withResolvers<readonly []>();
    const http = access(['a.example'], { clock, lookup: () => found.promise });
    const get = () => refusalOf(http.fetch({ url: 'http://a.example/', timeoutMs: 5 }));
    const work = Array.from({ length: 4 }, get);
    await clock.advance(5);
    expect(new Set(await Promise.all(work))).toEqual(new Set(['a.example did not answer in full within 5 ms']));
    expect(await get()).toContain('under way');
    found.resolve([]);
    await clock.advance(0);
    expect(await get()).toBe('a.example has no address');
  });

  it('nothing is connected to any more when the name is found too late', async () => {
    const site = await Site.open(ok);
    const clock = new FakeClock();
    const found = Promise.withResolvers<{ address: string; family: number }[]>();
    const http = access([`private:a.example:${site.port}`], { clock, lookup: () => found.promise });
    const work = refusalOf(http.fetch({ url: `http://a.example:${site.port}/`, timeoutMs: 5 }));
    await clock.advance(5);
    await work;
    found.resolve([{ address: '127.0.0.1', family: 4 }]);
    await clock.advance(0);
    await access([site.host]).fetch({ url: site.url });
    expect(site.connections).toBe(1);
  });
});

describe('a failure is told in a few words', () => {
  const ANSWERS: readonly [string, string, string][] = [
    ['the connection is closed', '', 'the connection was closed too early'],
    ['the answer is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'its answer is no HTTP'],
    [
      'the answer has two lengths',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      'no HTTP',
    ],
    ['the answer is cut off', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', 'closed too early'],
    ['a chunk is cut off', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc', 'closed too early'],
    ['the headers never end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`, 'the headers of its answer are too long'],
    [
      'another protocol is offered',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      'without an answer',
    ],
  ];

  it.each(ANSWERS)('when %s', async (_what, answer, told) => {
    const site = await Site.raw(answer);
    expect(await refusalOf(access([site.host]).fetch({ url: site.url }))).toContain(told);
  });

  it('when nobody listens', async () => {
    const site = await Site.open(ok);
    const { host, url } = site;
    await site.close();
    expect(await refusalOf(access([host]).fetch({ url }))).toBe('127.0.0.1 could not be fetched: connection refused');
  });

  it('when the site speaks no TLS', async () => {
    const site = await Site.raw('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await refusalOf(access([site.host]).fetch({ url: `https://${site.host}/` }))).toContain(
      'does not speak TLS',
    );
  });

  it('when something comes that nobody thought of', async () => {
    const http = access(['a.example'], { lookup: () => Promise.reject(new Error('secret insides')) });
    expect(await refusalOf(http.fetch({ url: 'http://a.example/' }))).toBe(
      'a.example could not be fetched: unknown error',
    );
  });
});

describe('https', () => {
  // For api.example.test, valid until 2120, and of use for nothing but this.
  const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtSuy6Mr6DhLXdSH0
bGEDI3U3tf2S2GqyDn7hfs7TMf2hRANCAAQZBGHOy2MfHWO/TjCJFfbOLi5WiUyE
C3zCmFBVm/Kksl1Wfs0TsEtgwCMsX9SoeCbr0RM0v9NfqxL2lHKO0m72
-----END PRIVATE KEY-----
`;
  const cert = `-----BEGIN CERTIFICATE-----
MIIBdjCCARygAwIBAgIBATAKBggqhkjOPQQDAjAbMRkwFwYDVQQDDBBhcGkuZXhh
bXBsZS50ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAbMRkw
FwYDVQQDDBBhcGkuZXhhbXBsZS50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAEGQRhzstjHx1jv04wiRX2zi4uVolMhAt8wphQVZvypLJdVn7NE7BLYMAjLF/U
qHgm69ETNL/TX6sS9pRyjtJu9qNPME0wGwYDVR0RBBQwEoIQYXBpLmV4YW1wbGUu
dGVzdDAPBgNVHRMBAf8EBTADAQH/MB0GA1UdDgQWBBSBLKkyO+cmrf67rJ8ooRAc
RMgLFTAKBggqhkjOPQQDAgNIADBFAiEAt75JmhoXTB+xSpVbVs2/dhFjR+pCixn8
z9fQrDrfoFQCIEMolKkmiWux8+cxr+w6k5iWOk0YJGuWTZvqdF0EzMo+
-----END CERTIFICATE-----
`;

  it('reaches the site whose name its certificate has, at the address that was checked, and no other', async () => {
    const site = await Site.open(ok, { key, cert });
    const hosts = ['api', 'other'].map((name) => `private:${name}.example.test:${site.port}`);
    const http = access(hosts, { addresses: ['169.254.169.254', '127.0.0.1'] });
    const get = (name: string) => http.fetch({ url: `https://${name}.example.test:${site.port}/` });
    expect(await refusalOf(get('api'))).toContain('nobody vouches for its certificate');
    setDefaultCACertificates([cert]);
    expect((await get('api')).body).toBe('ok');
    expect(await refusalOf(get('other'))).toContain('its certificate is for another name');
    expect(site.seen).toHaveLength(1);
  });
});
