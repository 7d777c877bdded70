import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { features, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { compose, SESSION_REGISTRY } from '../../../core/composition.js';
import { loadConfig } from '../../../core/config/load.js';
import { NO_DEVICE_FILES } from '../../../core/device-files.js';
import { LogFeed } from '../../../core/logging/log-feed.js';
import { createLogger } from '../../../core/logging/logger.js';
import { forkHost } from '../../../core/scripting/supervisor/host-process.js';
import { resolve } from '../../../core/tokens.js';
import { boot, TestLine } from '../../support/boot.js';
import { FakeClock } from '../../support/fake-clock.js';
import { GatewayProcess, TestFolder } from '../../support/gateway-process.js';
import { level } from '../../support/messages.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';
import { WireClient } from '../../support/wire-client.js';

const DEVICES = [{ model: 'Pulsegate Testbed', messageGap: 0 }];

describe('B11: many clients on one port', () => {
  it('B11: several are served at once, each with what it drives of its own', async () => {
    await using gateway = await boot({ devices: DEVICES });
    const url = `ws://127.0.0.1:${gateway.gateway.port}`;
    const clients = [await WireClient.connect(url), await WireClient.connect(url, 3), await WireClient.connect(url, 0)];
    for (const client of clients) expect(await client.ask({ Ping: {} })).toMatchObject({ Ok: {} });
    await clients[0]?.output(0, 0, { Vibrate: { Value: 9 } });
    await clients[0]?.output(0, 2, { Oscillate: { Value: 9 } });
    await clients[1]?.ask({ VibrateCmd: { DeviceIndex: 0, Speeds: [{ Index: 0, Speed: 0.5 }] } });
    // Now the second drives the vibrator; the first takes only the oscillator with it.
    await clients[0]?.ask({ Disconnect: {} });
    const { outputs } = await gateway.toy('pulsegate-testbed-1');
    expect(outputs.filter(({ feature }) => feature === 0 || feature === 2)).toMatchObject([
      { type: 'Vibrate', level: 10 },
      { type: 'Oscillate', level: 0 },
    ]);
    expect(await clients[1]?.ask({ Ping: {} })).toMatchObject({ Ok: {} });
    for (const client of clients) client.webSocket.terminate();
  });

  it('B11: a port probe, a silent peer and a plain request take nobody’s place', async () => {
    await using gateway = await boot();
    const port = gateway.gateway.port ?? 0;
    const url = `ws://127.0.0.1:${port}`;
    const before = await WireClient.connect(url);
    const probe = connectSocket(port, '127.0.0.1');
    await once(probe, 'connect');
    probe.destroy();
    const silent = connectSocket(port, '127.0.0.1');
    await once(silent, 'connect');
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    const after = await WireClient.connect(url);
    for (const client of [before, after]) expect(await client.ask({ Ping: {} })).toMatchObject({ Ok: {} });
    silent.destroy();
    for (const client of [before, after]) client.webSocket.terminate();
  });

  it('B11: the next client is welcome at once when one has left', async () => {
    await using gateway = await boot();
    const url = `ws://127.0.0.1:${gateway.gateway.port}`;
    for (let count = 0; count < 5; count += 1) {
      const client = await WireClient.connect(url);
      client.webSocket.terminate();
    }
    const last = await WireClient.connect(url);
    expect(await last.ask({ Ping: {} })).toMatchObject({ Ok: {} });
    last.webSocket.terminate();
  });

  it('B11: localhost is both 127.0.0.1 and ::1', async () => {
    await using gateway = await boot();
    const { port, addresses } = gateway.gateway;
    expect(addresses).toEqual([`127.0.0.1:${port}`, `[::1]:${port}`]);
    for (const address of addresses) {
      const client = await WireClient.connect(`ws://${address}`);
      expect(await client.ask({ Ping: {} })).toMatchObject({ Ok: {} });
      client.webSocket.terminate();
    }
  });

  it('B11: a port that is taken is said once, in one sentence, instead of being tried for ever', async () => {
    await using occupant = await boot();
    const { port } = occupant.gateway;
    await expect(boot({ config: { http: { port } } })).rejects.toThrow(
      new RegExp(`127\\.0\\.0\\.1:${port} is already in use.*--port`),
    );
  });
});

describe('B34: nothing stays behind', () => {
  it('B34: of clients that came and went', async () => {
    await using gateway = await boot({ devices: DEVICES });
    const watcher = await gateway.connect(4);
    const timers = gateway.clock.waiting;
    for (let count = 0; count < 60; count += 1) {
      const client = await gateway.connect(count % 2 === 0 ? 0 : 4);
      if (count % 2 === 0) await client.ask({ RequestLog: { LogLevel: 'Debug' } });
      if (count % 3 === 0) client.cut();
      else if (count % 2 === 1) await client.ask({ Disconnect: {} });
      else client.close({ kind: 'normal', text: 'done' });
      // Transports may say more than once that a line is gone.
      client.cut();
    }
    expect(gateway.clock.waiting).toBe(timers);
    expect(gateway.log.filter((line) => line.includes('client left'))).toHaveLength(60);
    watcher.take();
    await gateway.post('/api/simulated/pulsegate-testbed-1/disconnect', { awayFor: 1 });
    await gateway.clock.advance(0);
    expect(watcher.take(), 'one message for one change').toHaveLength(1);
    const health = await fetch(`http://127.0.0.1:${gateway.gateway.port}/health`);
    expect(await health.json()).toMatchObject({ sessions: 1 });
  });

  it('B34: of devices that dropped out and came back', async () => {
    const hardware = new TestHardware();
    const gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(plainProtocol(features(vibrate(20))))] });
    const device = hardware.device({ name: 'Plain' });
    hardware.show(device);
    await gateway.clock.advance(0);
    const client = await gateway.connect(4);
    const listeners = hardware.listenerCount('discovered');
    const timers = gateway.clock.waiting;
    for (let count = 0; count < 20; count += 1) {
      client.take();
      device.drop();
      await gateway.clock.advance(6000);
      expect(client.take(), 'gone and back, each told once').toHaveLength(2);
    }
    expect(hardware.listenerCount('discovered')).toBe(listeners);
    expect(gateway.clock.waiting).toBe(timers);
    await client.ask(level(0, 0, 'Vibrate', 3));
    await gateway.clock.advance(0);
    expect(
      device.take().filter((hex) => hex === '0003'),
      'and one write for one command',
    ).toHaveLength(1);
    await gateway[Symbol.asyncDispose]();
    expect(hardware.listenerCount('discovered') + hardware.listenerCount('scanFinished')).toBe(0);
    expect(gateway.clock.waiting).toBe(0);
  });
});

/** Knows who still listens to it. */
class CountingFeed extends LogFeed {
  listeners = 0;

  override subscribe(listener: Parameters<LogFeed['subscribe']>[0]): Disposable {
    this.listeners += 1;
    const subscription = super.subscribe(listener);
    return {
      [Symbol.dispose]: () => {
        this.listeners -= 1;
        subscription[Symbol.dispose]();
      },
    };
  }
}

it('B34: nobody listens to the log for a client that has left, or asked twice', async () => {
  const inline = { log: { level: 'silent' } };
  const { config } = await loadConfig({
    env: {},
    cwd: tmpdir(),
    builtins: new Map(),
    pluginSchema: async () => undefined,
    inline,
  });
  const logFeed = new CountingFeed();
  const clock = new FakeClock();
  const log = createLogger({ level: 'silent', format: 'json', feed: logFeed });
  const container = compose({
    config,
    deviceSettings: {},
    deviceFiles: NO_DEVICE_FILES,
    plugins: [],
    clock,
    log,
    logFeed,
    onRequiredFailure() {},
    safeStart: false,
    launchScriptHost: forkHost,
  });
  const sessions = resolve(container, SESSION_REGISTRY).hostFor('test');
  for (let count = 0; count < 10; count += 1) {
    const line = new TestLine(sessions, clock, 0);
    await line.ask({ RequestServerInfo: { ClientName: 'curious' } });
    for (const LogLevel of ['Info', 'Debug']) await line.ask({ RequestLog: { LogLevel } });
    expect(logFeed.listeners).toBe(1);
    line.cut();
  }
  expect(logFeed.listeners).toBe(0);
});

describe('B36: the port that is announced', () => {
  it('B36: is the one that is bound, where the configuration leaves the choice to the system', async () => {
    await using folder = await TestFolder.create();
    await using running = await GatewayProcess.start(folder, { http: { port: 0 } });
    const announced = running.lines.filter(({ msg }) => msg.startsWith('listening on '));
    expect(announced.map(({ msg }) => msg)).toEqual([
      `listening on ws://127.0.0.1:${running.port}`,
      `listening on ws://[::1]:${running.port}`,
    ]);
    expect(running.port).toBeGreaterThan(0);
    const client = await WireClient.connect(running.url);
    expect(await client.ask({ Ping: {} })).toMatchObject({ Ok: {} });
    client.webSocket.terminate();
  });
});
