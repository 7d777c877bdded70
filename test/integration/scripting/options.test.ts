import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigSchema } from '../../../core/config/schema.js';
import { ScriptSettings } from '../../../core/config/script-settings.js';
import { keysOf } from '../../support/config-keys.js';
import { bootScripts, type ScriptBootOptions } from '../../support/scripting/boot-scripts.js';

/** Every key of the section `scripts`, and of the settings of one script, does something. */

const TESTBED = { devices: [{ model: 'Pulsegate Testbed', messageGap: 0 }] };
const TOY = 'pulsegate-testbed-1';
type Section = Readonly<Record<string, unknown>>;
const STEADY = 'every(1000, () => {});';

/** Runs one script for a moment: its state, its last error, its lines. */
async function outcome(text: string, options: ScriptBootOptions = {}) {
  await using gateway = await bootScripts({ ...TESTBED, scripts: { 'one.js': text }, ...options });
  await gateway.advance(200);
  const { state, lastError } = gateway.status('one');
  return { state, error: lastError?.message, lines: gateway.console('one') };
}

const errorOf = async (text: string, section: Section) => (await outcome(text, { section })).error;

/** Names of the scripts there are. */
async function names(section: Section): Promise<string[]> {
  await using gateway = await bootScripts({ scripts: { 'one.js': STEADY }, section });
  return gateway.booted.gateway.scripts.statuses.map(({ name }) => name);
}

async function startOverHttp(section: Section, token?: string): Promise<number> {
  await using gateway = await bootScripts({ scripts: { 'one.js': STEADY }, section });
  const answer = await fetch(`http://127.0.0.1:${gateway.booted.gateway.port}/api/scripts/one/start`, {
    method: 'POST',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  return answer.status;
}

/** What becomes of two scripts whose host gives way. */
async function afterGivingWay(section: Section, ms: number) {
  await using gateway = await bootScripts({
    scripts: { 'stays.js': STEADY, 'moves.js': `/* pulsegate\nrestartable: true\n*/\n${STEADY}` },
    section,
  });
  await gateway.advance(ms);
  return {
    stays: gateway.status('stays').starts,
    moves: gateway.status('moves').starts > 1,
    log: gateway.booted.log.join(''),
  };
}

const SAYS_DEVICES = 'console.log(devices.list().map(({ name }) => name).join());';
const withHeader = (header: string, text: string) => `/* pulsegate\n${header}\n*/\n${text}`;

const SECTION: Readonly<Record<string, () => Promise<void>>> = {
  enabled: async () => expect(await names({ enabled: false })).toEqual([]),
  directory: async () => {
    expect(await names({ directory: './elsewhere' })).toEqual([]);
    expect(await names({ directory: './scripts' })).toEqual(['one']);
  },
  storage: async () => {
    await using gateway = await bootScripts({
      scripts: { 'one.js': `await storage.set('key', 1);` },
      section: { storage: './kept' },
    });
    await gateway.advance(100);
    expect(await readdir(join(gateway.booted.folder, 'kept'))).toEqual(['script-one.json']);
  },
  examples: async () => {
    expect(await names({ examples: false })).toEqual(['one']);
    expect((await names({ examples: true })).length).toBeGreaterThan(1);
  },
  token: async () => {
    const token = 'a-long-enough-secret';
    expect(await startOverHttp({})).toBe(403);
    expect(await startOverHttp({}, token)).toBe(403);
    expect(await startOverHttp({ token })).toBe(401);
    expect(await startOverHttp({ token }, 'another-long-secret!')).toBe(401);
    expect(await startOverHttp({ token }, token)).toBe(202);
  },
  maxPingTime: async () => {
    await using gateway = await bootScripts({ scripts: { 'one.js': STEADY }, section: { maxPingTime: 500 } });
    await gateway.advance(5000);
    expect(gateway.status('one')).toMatchObject({ state: 'running', starts: 1 });
    const { log } = gateway.booted;
    expect(log.join('')).not.toContain('missed its ping');
  },
  memoryMb: async () => {
    const bomb = 'const all = []; for (;;) all.push({ all: {} });';
    expect(await errorOf(bomb, { memoryMb: 8, cpuMs: 10_000, wallMs: 20_000 })).toContain('more than 8 MB of memory');
  },
  cpuMs: async () => expect(await errorOf('for (;;);', { cpuMs: 60 })).toContain('more than 60 ms of CPU time'),
  wallMs: async () => {
    expect(await errorOf('for (;;);', { cpuMs: 10_000, wallMs: 60 })).toContain('longer than 60 ms');
  },
  messagesPerSecond: async () => {
    const many = 'for (let n = 0; n < 5; n += 1) await devices.find(0).vibrate(0.1);';
    expect(await errorOf(many, { messagesPerSecond: 3 })).toContain('More than 3 messages in a second');
    expect(await errorOf(many, { messagesPerSecond: 5 })).toBeUndefined();
  },
  logLinesPerSecond: async () => {
    const { lines } = await outcome(`for (let n = 0; n < 5; n += 1) console.log(n); ${STEADY}`, {
      section: { logLinesPerSecond: 2 },
    });
    expect(lines).toEqual(['info: 0', 'info: 1']);
  },
  httpPerMinute: async () => {
    await using server = await answering();
    const script = withHeader(`http: ["${server.host}"]`, fetches(server.host, 3));
    expect(await errorOf(script, { httpPerMinute: 2 })).toContain('has made all its requests');
    expect(await errorOf(script, { httpPerMinute: 3 })).toBeUndefined();
  },
  storageKb: async () => {
    const stores = `await storage.set('key', 'x'.repeat(1500));`;
    expect(await errorOf(stores, { storageKb: 1 })).toContain('no room');
    expect(await errorOf(stores, { storageKb: 2 })).toBeUndefined();
  },
  // In these tests the host is part of the test's own process, which takes more than that.
  hostMemoryMb: async () => {
    const { log } = await afterGivingWay({ hostMemoryMb: 128, recycleAboveMb: 128 }, 1000);
    expect(log).toContain('more than scripts.hostMemoryMb allows');
  },
  recycleAboveMb: async () => {
    const room = { hostMemoryMb: 16_384 };
    expect(await afterGivingWay({ ...room, recycleAboveMb: 64 }, 1000)).toMatchObject({ stays: 1, moves: true });
    expect(await afterGivingWay({ ...room, recycleAboveMb: 16_384 }, 1000)).toMatchObject({ stays: 1, moves: false });
  },
  recycleAfter: async () => {
    const room = { hostMemoryMb: 16_384, recycleAboveMb: 16_384, maxPingTime: 60_000, recycleAfter: 1 };
    expect(await afterGivingWay(room, 3_590_000)).toMatchObject({ moves: false });
    expect(await afterGivingWay(room, 3_610_000)).toMatchObject({ stays: 1, moves: true });
  },
  each: async () => {
    const each = { one: { devices: 'none' } };
    expect((await outcome(SAYS_DEVICES)).lines).toContain('info: Pulsegate Testbed');
    expect((await outcome(SAYS_DEVICES, { section: { each } })).lines).toContain('info: ');
  },
};

const SETTINGS: Readonly<Record<string, () => Promise<void>>> = {
  name: async () => {
    await using gateway = await bootScripts({ scripts: { 'one.js': withHeader('name: My script', STEADY) } });
    await gateway.advance(0);
    expect(gateway.status('one').title).toBe('My script');
    expect(gateway.booted.log.join('')).toContain('client connected: My script');
  },
  description: async () => {
    await using gateway = await bootScripts({ scripts: { 'one.js': withHeader('description: Does things.', STEADY) } });
    expect(gateway.status('one').description).toBe('Does things.');
  },
  enabled: async () => {
    expect((await outcome(withHeader('enabled: false', STEADY))).state).toBe('off');
    expect((await outcome(withHeader('enabled: true', STEADY))).state).toBe('running');
  },
  devices: async () => {
    const drives = 'await devices.find(0).vibrate(0.5); await devices.find(0).oscillate(0.5);';
    await using gateway = await bootScripts({
      ...TESTBED,
      scripts: { 'one.js': withHeader('devices: [{ name: "pulsegate *", features: [Vibrate] }]', drives) },
    });
    await gateway.advance(100);
    expect(gateway.status('one').lastError?.message).toBe('Pulsegate Testbed has no Oscillate; it has Vibrate');
    expect(await gateway.outputs(TOY)).toContain('Vibrate 0');
  },
  http: async () => {
    await using server = await answering();
    const script = fetches(server.host, 1);
    expect((await outcome(script)).error).toContain(`"http: [${server.host}]"`);
    expect((await outcome(withHeader(`http: ["${server.host}"]`, script))).error).toBeUndefined();
  },
  'mqtt.subscribe': async () => {
    const script = `await mqtt.subscribe('home/x', () => {});`;
    expect((await outcome(script)).error).toContain('may not subscribe to "home/x"');
    const granted = withHeader('mqtt: { subscribe: [home/+] }', script);
    expect((await outcome(granted)).error).toContain('There is no MQTT here');
  },
  'mqtt.publish': async () => {
    const script = `await mqtt.publish('home/x', 1);`;
    expect((await outcome(script)).error).toContain('may not publish to "home/x"');
    expect((await outcome(withHeader('mqtt: { publish: ["#"] }', script))).error).toContain('There is no MQTT here');
  },
  restartable: SECTION.recycleAboveMb ?? (() => Promise.reject(new Error('no such test'))),
};

/** Limits of one script go the same way as those of all. */
const LIMITS = [
  'memoryMb',
  'cpuMs',
  'wallMs',
  'messagesPerSecond',
  'logLinesPerSecond',
  'httpPerMinute',
  'storageKb',
] as const;

describe('options of scripts', () => {
  it('every one is in this table', () => {
    const documented = keysOf(ConfigSchema.properties.scripts);
    expect(Object.keys(SECTION).sort()).toEqual(documented.sort());
  });

  it('every one of a single script is in that table', () => {
    const documented = keysOf(ScriptSettings);
    const limits = LIMITS.map((limit) => `limits.${limit}`);
    expect([...Object.keys(SETTINGS), ...limits].sort()).toEqual(documented.sort());
  });

  it.each(Object.entries(SECTION))('scripts.%s has its effect', (_key, effect) => effect());
  it.each(Object.entries(SETTINGS))('%s has its effect', (_key, effect) => effect());

  it('limits in a header count before those of all scripts, and those in the configuration before the header', async () => {
    const loop = withHeader('limits: { cpuMs: 70 }', 'for (;;);');
    expect(await errorOf(loop, { cpuMs: 5000 })).toContain('more than 70 ms of CPU time');
    const each = { one: { limits: { cpuMs: 90 } } };
    expect(await errorOf(loop, { cpuMs: 5000, each })).toContain('more than 90 ms of CPU time');
  });
});

const fetches = (host: string, count: number) =>
  `for (let n = 0; n < ${count}; n += 1) console.log((await http.fetch('http://${host}/')).status);`;

async function answering(): Promise<AsyncDisposable & { readonly host: string }> {
  const server = createServer((_request, response) => response.end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
