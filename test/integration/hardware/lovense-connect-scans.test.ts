import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { scan } from '../../support/client-view.js';
import { startLive } from '../../support/live-gateway.js';
import { PATIENCE_MS } from '../../support/timing.js';
import { WireClient } from '../../support/wire-client.js';

/** Least time between two questions of one scan, ms. */
const RESCAN_MS = 1_000;

/** An app without toys that takes its time, and notes when it was asked. */
async function slowApp() {
  const asked: number[] = [];
  const server = createServer((_request, response) => {
    asked.push(performance.now());
    setTimeout(() => {
      response.end(JSON.stringify({ type: 'OK', code: 200, data: {} }));
      app.answered += 1;
    }, 100);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const app = {
    asked,
    answered: 0,
    host: `http://127.0.0.1:${port}`,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
  return app;
}

const start = (hosts: readonly string[]) =>
  startLive({
    devices: 0,
    config: {
      plugins: {
        'hardware-simulated': { devices: [] },
        'hardware-lovense-connect': { enabled: true, rescan: RESCAN_MS, timeout: 300, directory: '', hosts },
      },
    },
  });

describe('the Lovense Connect app', () => {
  it('is asked no more often when scans are stopped and started again and again', async () => {
    using app = await slowApp();
    await using live = await start([app.host]);
    const client = await WireClient.connect(live.url);
    for (let round = 0; round < 6; round++) {
      await scan(client);
      expect(await client.ask({ StopScanning: {} })).toHaveProperty('Ok');
    }
    await scan(client);
    // What was asked for before is over by then: several questions at a time are one too many.
    const isQuiet = () => app.asked.length > 1 && app.answered === app.asked.length;
    await expect.poll(isQuiet, { interval: 5, timeout: PATIENCE_MS }).toBe(true);
    const before = app.asked.length;
    await expect.poll(() => app.asked.length, { timeout: PATIENCE_MS }).toBeGreaterThan(before + 2);
    const pauses = app.asked.slice(before + 1).map((time, at) => time - (app.asked[before + at] ?? 0));
    for (const pause of pauses) expect(pause).toBeGreaterThan(RESCAN_MS / 2);
    client.webSocket.terminate();
  });

  it('that is missing on one of two phones is told once', async () => {
    using app = await slowApp();
    await using live = await start([app.host, 'http://127.0.0.1:1']);
    const client = await WireClient.connect(live.url);
    await scan(client);
    await expect.poll(() => app.asked.length, { timeout: PATIENCE_MS }).toBeGreaterThan(2);
    expect(live.log.filter((line) => line.includes('does not answer'))).toHaveLength(1);
    client.webSocket.terminate();
  });
});
