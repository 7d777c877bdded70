import { request } from 'node:http';
import { features, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { ConfigSchema } from '../../../core/config/schema.js';
import { createGateway } from '../../../core/gateway.js';
import { type Booted, boot } from '../../support/boot.js';
import { keysOf } from '../../support/config-keys.js';
import { DataFolder } from '../../support/data-folder.js';
import { GatewayProcess, pulsegate, TestFolder } from '../../support/gateway-process.js';
import { startLive } from '../../support/live-gateway.js';
import { level } from '../../support/messages.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';
import { WireClient } from '../../support/wire-client.js';

type Config = Readonly<Record<string, object>>;
const TESTBED = { devices: [{ model: 'Pulsegate Testbed', messageGap: 0 }] };

/** What ServerInfo says to a client over WebSocket. */
async function serverInfo(config: Config): Promise<unknown> {
  await using gateway = await boot({ config });
  const client = await WireClient.open(`ws://127.0.0.1:${gateway.gateway.port}`);
  const reply = await client.ask({ RequestServerInfo: { ClientName: 'x', MessageVersion: 3 } });
  client.webSocket.terminate();
  return reply.ServerInfo;
}

/** The status of a plain request. */
function status({ gateway }: Booted, headers: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const asked = request({ host: '127.0.0.1', port: gateway.port, path: '/metrics', headers }, (answer) => {
    answer.resume().on('end', () => resolve(answer.statusCode));
  });
  asked.on('error', reject).end();
  return promise;
}

/** Two clients drive one motor each, the first misses its ping: which motors still run? */
async function runningAfterMissedPing(config: Config): Promise<number[]> {
  await using gateway = await boot({ ...TESTBED, config, maxPingTimeMs: 1000 });
  const [lost, kept] = [await gateway.connect(), await gateway.connect()];
  await lost.ask(level(0, 0, 'Vibrate', 5));
  await kept.ask(level(0, 2, 'Oscillate', 5));
  await gateway.clock.advance(500);
  await kept.ask({ Ping: {} });
  await gateway.clock.advance(500);
  const { outputs } = await gateway.toy('pulsegate-testbed-1');
  return outputs.filter((output) => output.level > 0).map(({ feature }) => feature);
}

/** How long until a connection that stays silent is closed, ms. */
async function silentFor(config: Config): Promise<number> {
  await using gateway = await boot({ config });
  const line = gateway.open();
  const start = gateway.clock.now();
  while (!line.closeReason) await gateway.clock.advance(100);
  return gateway.clock.now() - start;
}

/** How many of five silent connections are kept open. */
async function silentLines(config: Config): Promise<number> {
  await using gateway = await boot({ config });
  const lines = Array.from({ length: 5 }, () => gateway.open());
  return lines.filter(({ closeReason }) => !closeReason).length;
}

/** What becomes of the client that comes after `before` others. */
async function clientAfter(before: number, config: Config): Promise<unknown> {
  await using live = await startLive({ config });
  const { url } = live;
  for (let count = 0; count < before; count += 1) await WireClient.connect(url);
  const last = await WireClient.open(url);
  return await Promise.race([last.ask({ RequestServerInfo: { ClientName: 'last' } }), last.closed]);
}

/** What the command writes when it cannot start, because the port is taken. */
async function writtenInFormat(format: string): Promise<string> {
  await using occupant = await boot();
  await using folder = await TestFolder.create();
  const file = await folder.write('p.yml', { http: { port: occupant.gateway.port }, log: { format } });
  const { stdout } = await pulsegate(['start', '--config', file], folder.path);
  return stdout.split('\n').find((line) => line.includes('already in use')) ?? stdout;
}

/** A device drops out for good: how often is it tried in a minute? */
async function attemptsInAMinute(config: Config): Promise<number> {
  const hardware = new TestHardware();
  await using gateway = await boot({
    config,
    plugins: [hardware.plugin, protocolPlugin(plainProtocol(features(vibrate(20))))],
  });
  const device = hardware.device({ name: 'Plain' });
  hardware.show(device);
  await gateway.clock.advance(0);
  device.unreachable = true;
  device.drop();
  await gateway.clock.advance(60_000);
  return gateway.log.filter((line) => line.includes('not back yet')).length;
}

/** Errors a client may cause at once before it is closed. */
async function errorsAllowed(config: Config): Promise<number> {
  await using gateway = await boot({ config });
  const client = await gateway.connect();
  client.take();
  while (!client.closeReason) client.raw('nonsense');
  return client.take().length;
}

/** Every key of the configuration outside `plugins`, and what shows that it does something. */
const EFFECTS: Readonly<Record<string, () => Promise<void>>> = {
  'server.name': async () => {
    expect(await serverInfo({ server: { name: 'My own' } })).toMatchObject({ ServerName: 'My own' });
  },
  'server.maxPingTime': async () => {
    expect(await serverInfo({ server: { maxPingTime: 1234 } })).toMatchObject({ MaxPingTime: 1234 });
  },
  'http.host': async () => {
    await using gateway = await boot({ config: { http: { host: '::1', port: 0 } } });
    expect(gateway.gateway.addresses).toEqual([`[::1]:${gateway.gateway.port}`]);
  },
  'http.port': async () => {
    const free = await boot();
    const { port } = free.gateway;
    await free[Symbol.asyncDispose]();
    await using gateway = await boot({ config: { http: { port } } });
    expect(gateway.gateway.port).toBe(port);
  },
  'http.token': async () => {
    const token = 'a-long-enough-secret';
    await using gateway = await boot({ config: { http: { port: 0, token } } });
    expect(await status(gateway)).toBe(401);
    expect(await status(gateway, { authorization: `Bearer ${token}` })).toBe(200);
  },
  'http.insecure': async () => {
    const http = { host: '0.0.0.0', port: 0 };
    await expect(boot({ config: { http } })).rejects.toThrow(/access token/);
    await using gateway = await boot({ config: { http: { ...http, insecure: true } } });
    expect(gateway.gateway.addresses).toEqual([`0.0.0.0:${gateway.gateway.port}`]);
  },
  'http.allowedHosts': async () => {
    await using gateway = await boot({ config: { http: { port: 0, allowedHosts: ['toys.local'] } } });
    expect(await status(gateway, { host: 'toys.local' })).toBe(200);
    expect(await status(gateway, { host: 'other.local' })).toBe(421);
  },
  'http.allowedOrigins': async () => {
    await using gateway = await boot({ config: { http: { port: 0, allowedOrigins: ['https://a.example'] } } });
    expect(await status(gateway, { origin: 'https://a.example' })).toBe(200);
    expect(await status(gateway, { origin: 'https://b.example' })).toBe(403);
  },
  'safety.onPingTimeout': async () => {
    expect(await runningAfterMissedPing({ safety: { onPingTimeout: 'all' } })).toEqual([]);
    expect(await runningAfterMissedPing({ safety: { onPingTimeout: 'driven' } })).toEqual([2]);
  },
  'safety.stopTimeout': async () => {
    const hardware = new TestHardware();
    const gateway = await boot({
      config: { safety: { stopTimeout: 700 } },
      plugins: [hardware.plugin, protocolPlugin(plainProtocol(features(vibrate(20))))],
    });
    const device = hardware.device({ name: 'Plain' });
    hardware.show(device);
    await gateway.clock.advance(0);
    device.hangs = true;
    await gateway[Symbol.asyncDispose]();
    expect(gateway.log.filter((line) => line.includes('took longer than 700 ms'))).toHaveLength(1);
  },
  'sessions.handshakeTimeout': async () => {
    expect(await silentFor({ sessions: { handshakeTimeout: 300 } })).toBe(300);
    expect(await silentFor({ sessions: { handshakeTimeout: 800 } })).toBe(800);
  },
  'sessions.maxPending': async () => {
    expect(await silentLines({ sessions: { maxPending: 2 } })).toBe(2);
    expect(await silentLines({ sessions: { maxPending: 4 } })).toBe(4);
  },
  'sessions.maxSessions': async () => {
    expect(await clientAfter(3, { sessions: { maxSessions: 3 } })).toMatchObject({ code: 1008 });
    expect(await clientAfter(3, { sessions: { maxSessions: 4 } })).toMatchObject({ ServerInfo: {} });
  },
  'sessions.maxMessagesPerFrame': async () => {
    await using gateway = await boot({ config: { sessions: { maxMessagesPerFrame: 2 } } });
    const client = await gateway.connect();
    client.tell({ Ping: { Id: 1 } }, { Ping: { Id: 2 } });
    expect(client.take()).toEqual([{ Ok: { Id: 1 } }, { Ok: { Id: 2 } }]);
    client.tell({ Ping: { Id: 1 } }, { Ping: { Id: 2 } }, { Ping: { Id: 3 } });
    expect(client.take()).toMatchObject([{ Error: { Id: 0, ErrorCode: 3 } }]);
  },
  'sessions.maxErrorsPerSecond': async () => {
    expect(await errorsAllowed({ sessions: { maxErrorsPerSecond: 1 } })).toBe(11);
    expect(await errorsAllowed({ sessions: { maxErrorsPerSecond: 5 } })).toBe(51);
  },
  'devices.settings': async () => {
    await using folder = await DataFolder.withSettings({
      address: 'simulated:pulsegate-testbed-1',
      displayName: 'Mine',
    });
    await using gateway = await boot({ ...TESTBED, config: folder.config });
    expect(JSON.stringify((await gateway.connect()).take())).toContain('"DeviceDisplayName":"Mine"');
  },
  'devices.state': async () => {
    await using folder = await DataFolder.create();
    const gateway = await boot({ ...TESTBED, config: folder.config });
    await gateway[Symbol.asyncDispose]();
    expect(await folder.read(folder.state)).toContain('simulated:pulsegate-testbed-1');
  },
  'devices.connectTimeout': async () => {
    const slow = { devices: [{ model: 'Pulsegate Testbed', latency: 500 }] };
    await using impatient = await boot({ ...slow, config: { devices: { connectTimeout: 400 } } });
    await impatient.clock.advance(1000);
    expect(impatient.log.filter((line) => line.includes('not ready within 400 ms'))).toHaveLength(1);
    await using patient = await boot({ ...slow, config: { devices: { connectTimeout: 600 } } });
    await patient.clock.advance(1000);
    expect(patient.log.filter((line) => line.includes('connected: Pulsegate Testbed'))).toHaveLength(1);
  },
  'devices.reconnect.enabled': async () => {
    expect(await attemptsInAMinute({ devices: { reconnect: { enabled: false } } })).toBe(0);
  },
  'devices.reconnect.maxDelay': async () => {
    expect(await attemptsInAMinute({ devices: { reconnect: { maxDelay: 1000 } } })).toBe(60);
    // 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s
    expect(await attemptsInAMinute({ devices: { reconnect: { maxDelay: 600_000 } } })).toBe(6);
  },
  'log.level': async () => {
    await using loud = await boot({ ...TESTBED, config: { log: { level: 'info', format: 'json' } } });
    expect(loud.log.length).toBeGreaterThan(0);
    await using quiet = await boot({ ...TESTBED, config: { log: { level: 'error', format: 'json' } } });
    expect(quiet.log).toEqual([]);
  },
  'log.format': async () => {
    expect(await writtenInFormat('json')).toMatch(/^\{"level":60,/);
    expect(await writtenInFormat('pretty')).toMatch(/^\[\d\d:\d\d:\d\d\] FATAL: /);
  },
};

/** In test/integration/device-files.test.ts and test/e2e/stall.test.ts */
const ELSEWHERE = ['devices.catalogue', 'devices.userConfig', 'safety.stallLimit'];

describe('B35: options', () => {
  it('B35: every documented one is in this table', () => {
    // Those of scripts: test/integration/scripting/options.test.ts
    const documented = keysOf(ConfigSchema).filter((key) => key !== 'plugins' && !key.startsWith('scripts.'));
    expect([...Object.keys(EFFECTS), ...ELSEWHERE].sort()).toEqual(documented.sort());
  });

  it.each(Object.entries(EFFECTS))('B35: %s has its effect', (_key, effect) => effect());

  it('B35: without a port it is 12345, and everything else has a default as well', async () => {
    const gateway = await createGateway({ config: { log: { level: 'silent' } } });
    expect(gateway.config.http.port).toBe(12_345);
    expect(gateway.config.server).toEqual({ name: 'Pulsegate', maxPingTime: 0 });
  });

  it('B35: --port and --log-level of the command have their effect', async () => {
    await using folder = await TestFolder.create();
    const file = await folder.write('p.yml', { http: { port: 1 }, log: { level: 'info', format: 'json' } });
    await using running = GatewayProcess.spawn(['--config', file, '--port', '0', '--log-level', 'debug'], folder.path);
    await running.line((msg) => msg.includes(' is ready'));
    expect(running.port).toBeGreaterThan(1);
    expect(running.lines.some((line) => line.level === 20)).toBe(true);
  });

  it('B35: an option that does not exist is an error, not ignored', async () => {
    await using folder = await TestFolder.create();
    const { code, stderr } = await pulsegate(['start', '--websocket-use-all-interfaces'], folder.path);
    expect(code).not.toBe(0);
    expect(stderr).toContain("unknown option '--websocket-use-all-interfaces'");
    await expect(createGateway({ config: { http: { prot: 1 } } })).rejects.toThrow(/did you mean "port"/);
  });
});
