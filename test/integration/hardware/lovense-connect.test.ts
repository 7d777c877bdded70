import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { scanningClient, sees } from '../../support/client-view.js';
import { startLive } from '../../support/live-gateway.js';
import { level } from '../../support/messages.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** The app on a phone, emulated with real HTTP. */
class EmulatedApp implements AsyncDisposable {
  /** Orders that it got, oldest first. */
  readonly orders: string[] = [];
  toys: Record<string, unknown> = { edge: { id: 'edge', name: 'Edge', status: 1, battery: 64, nickName: 'x' } };
  isMute = false;
  /** What it answers questions with, instead of its toys; and orders with. */
  answer: { readonly status: number; readonly body: string } | undefined;
  /** Addresses that it was asked for, oldest first. */
  readonly asked: string[] = [];

  private constructor(private readonly server: Server) {}

  static async create(): Promise<EmulatedApp> {
    const server = createServer();
    const app = new EmulatedApp(server);
    server.on('request', ({ url = '' }, response) => {
      app.asked.push(url);
      if (app.isMute) return;
      if (app.answer) {
        response.statusCode = app.answer.status;
        response.end(app.answer.body);
        return;
      }
      if (url === '/GetToys') response.end(JSON.stringify({ type: 'OK', code: 200, data: app.toys }));
      else if (url === '/directory') {
        response.end(
          JSON.stringify({
            '127-0-0-1.lovense.club': { domain: 'x', httpPort: `${app.port}` },
            'evil.example': { httpPort: 1 },
          }),
        );
      } else {
        app.orders.push(url.slice(1));
        response.end('{"code":200}');
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return app;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get host(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const start = (section: object) =>
  startLive({
    devices: 0,
    config: {
      plugins: {
        'hardware-simulated': { devices: [] },
        'hardware-lovense-connect': { enabled: true, rescan: 1000, timeout: 300, directory: '', ...section },
      },
    },
  });

describe('the Lovense Connect app', () => {
  it('has toys, which are driven, and stopped when their client goes', async () => {
    await using app = await EmulatedApp.create();
    await using live = await start({ hosts: [app.host] });
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    await client.ask(level(0, 0, 'Vibrate', 10));
    await expect.poll(() => app.orders, { timeout: PATIENCE_MS }).toContain('Vibrate1?v=10&t=edge');
    expect(
      await client.ask({ InputCmd: { DeviceIndex: 0, FeatureIndex: 2, Type: 'Battery', Command: 'Read' } }),
    ).toHaveProperty('InputReading.Reading.Battery.Value', 64);
    client.webSocket.terminate();
    await expect.poll(() => app.orders.at(-1), { timeout: PATIENCE_MS }).toMatch(/Vibrate[12]\?v=0&t=edge/);
    expect(app.orders).toContain('Vibrate1?v=0&t=edge');
  });

  it('is found through the directory, which may say anything', async () => {
    await using app = await EmulatedApp.create();
    await using live = await start({ directory: `${app.host}/directory` });
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    client.webSocket.terminate();
  });

  it('loses a toy, whether it says so or says nothing of it, and has it back', async () => {
    await using app = await EmulatedApp.create();
    await using live = await start({ hosts: [app.host] });
    const client = await scanningClient(live);
    const { toys } = app;
    await sees(client, 'Lovense Edge');
    app.toys = { edge: { id: 'edge', name: 'Edge', status: false, battery: 64 } };
    await sees(client);
    app.toys = toys;
    await sees(client, 'Lovense Edge');
    app.toys = {};
    await sees(client);
    client.webSocket.terminate();
  });

  it('takes unreadable toys for none, and goes on with the others', async () => {
    await using app = await EmulatedApp.create();
    app.toys = { broken: { id: 7 }, none: null, ...app.toys };
    await using live = await start({ hosts: [app.host] });
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    client.webSocket.terminate();
  });

  it('that does not answer any more has lost its toys, is told once, and has them back', async () => {
    await using app = await EmulatedApp.create();
    await using live = await start({ hosts: [app.host] });
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    app.isMute = true;
    await sees(client);
    await expect
      .poll(() => live.log.join(''), { timeout: PATIENCE_MS })
      .toContain('the Lovense Connect app does not answer');
    app.isMute = false;
    await sees(client, 'Lovense Edge');
    client.webSocket.terminate();
  });

  it.each([
    { how: 'does not answer', change: (app: EmulatedApp) => Object.assign(app, { isMute: true }) },
    {
      how: 'answers with a failure',
      change: (app: EmulatedApp) => Object.assign(app, { answer: { status: 500, body: '{}' } }),
    },
    {
      how: 'answers with rubbish',
      change: (app: EmulatedApp) => Object.assign(app, { answer: { status: 200, body: '[' } }),
    },
    {
      how: 'answers without end',
      change: (app: EmulatedApp) => Object.assign(app, { answer: { status: 200, body: '['.repeat(2_000_000) } }),
    },
    { how: 'has other toys', change: (app: EmulatedApp) => Object.assign(app, { toys: {} }) },
  ])('that $how has no toys, as long as that lasts, and whoever scans is not shown any', async ({ change }) => {
    await using app = await EmulatedApp.create();
    await using live = await start({ hosts: [app.host] });
    const client = await scanningClient(live);
    const { toys } = app;
    await sees(client, 'Lovense Edge');
    await client.ask(level(0, 0, 'Vibrate', 10));
    await expect.poll(() => app.orders, { timeout: PATIENCE_MS }).toContain('Vibrate1?v=10&t=edge');
    change(app);
    await sees(client);
    app.asked.length = 0;
    await expect.poll(() => app.asked.length, { timeout: PATIENCE_MS }).toBeGreaterThan(3);
    expect(new Set(app.asked)).toEqual(new Set(['/GetToys']));
    Object.assign(app, { isMute: false, answer: undefined, toys });
    await sees(client, 'Lovense Edge');
    await expect.poll(() => app.orders, { timeout: PATIENCE_MS }).toContain('Vibrate1?v=0&t=edge');
    client.webSocket.terminate();
  });

  it('that has failed has not taken a stop, which is tried again', async () => {
    await using app = await EmulatedApp.create();
    await using live = await start({ hosts: [app.host] });
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    await client.ask(level(0, 0, 'Vibrate', 10));
    await expect.poll(() => app.orders, { timeout: PATIENCE_MS }).toContain('Vibrate1?v=10&t=edge');
    app.asked.length = 0;
    app.answer = { status: 503, body: '' };
    await client.ask({ StopCmd: {} });
    const stops = () => app.asked.filter((url) => url === '/Vibrate1?v=0&t=edge').length;
    await expect.poll(stops, { interval: 5, timeout: PATIENCE_MS }).toBeGreaterThan(1);
    app.answer = undefined;
    await expect.poll(() => app.orders, { timeout: PATIENCE_MS }).toContain('Vibrate1?v=0&t=edge');
    client.webSocket.terminate();
  });
});
