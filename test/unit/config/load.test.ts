import { join } from 'node:path';
import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { folder, load, refusal } from './support.js';

const frozen = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));

describe('without a file', () => {
  it('runs with the defaults of the core', async () => {
    const cwd = await folder();
    const { config, baseDir, file, warnings } = await load({ cwd });
    expect({ baseDir, file, warnings }).toEqual({ baseDir: cwd, file: undefined, warnings: [] });
    expect({ ...config, plugins: {} }).toEqual({
      server: { name: 'Pulsegate', maxPingTime: 0 },
      http: { host: '127.0.0.1', port: 12345, insecure: false, allowedHosts: [], allowedOrigins: ['*'] },
      safety: { onPingTimeout: 'all', stallLimit: 5000, stopTimeout: 1000 },
      sessions: {
        handshakeTimeout: 10_000,
        maxPending: 64,
        maxSessions: 1000,
        maxMessagesPerFrame: 1000,
        maxErrorsPerSecond: 2000,
      },
      devices: {
        catalogue: 'builtin',
        settings: join(cwd, 'data/devices.yml'),
        state: join(cwd, 'data/known-devices.yml'),
        connectTimeout: 15_000,
        reconnect: { enabled: true, maxDelay: 30_000 },
      },
      scripts: {
        enabled: true,
        directory: join(cwd, 'scripts'),
        storage: join(cwd, 'data/scripts'),
        examples: true,
        maxPingTime: 1000,
        memoryMb: 32,
        cpuMs: 200,
        wallMs: 500,
        messagesPerSecond: 200,
        logLinesPerSecond: 50,
        httpPerMinute: 60,
        storageKb: 256,
        hostMemoryMb: 1024,
        recycleAfter: 24,
        recycleAboveMb: 256,
        each: {},
      },
      log: { level: 'info', format: 'auto' },
      plugins: {},
    });
  });

  it('runs every built-in plugin with the defaults of its schema', async () => {
    const { config } = await load();
    expect(config.plugins).toEqual({
      'transport-websocket': {
        enabled: true,
        required: false,
        config: { maxPingTime: 0, heartbeat: { period: 30.5 } },
      },
      'transport-mqtt': { enabled: true, required: false, config: { broker: 'embedded' } },
      'hardware-simulated': {
        enabled: true,
        required: false,
        config: { devices: [{ model: 'Lovense Edge', battery: 100 }], names: {} },
      },
      'hardware-websocket': { enabled: false, required: false, config: { port: 54_817 } },
    });
  });

  it('is frozen down to the last list, and the next load is not affected by it', async () => {
    const first = await load();
    expect(frozen(first.config)).toBe(true);
    expect((await load({ cwd: first.baseDir })).config).toEqual(first.config);
  });
});

describe('the file', () => {
  it.each([
    '',
    '# nothing yet\n',
    '---\n',
    '{}',
    'null',
    '\ufeff# with a byte order mark\n',
    'http:\nlog:\nplugins:\n',
  ])('means the defaults when it says nothing: %j', async (yaml) => {
    const { config, baseDir } = await load({ yaml });
    expect(config).toEqual((await load({ cwd: baseDir })).config);
    expect(config.http.port).toBe(12_345);
  });

  it('is found in the working folder under its usual names, and named as it was found', async () => {
    const cwd = await folder({ 'pulsegate.yaml': 'http: { port: 1 }' });
    expect(await load({ cwd })).toMatchObject({ file: 'pulsegate.yaml', config: { http: { port: 1 } } });
  });

  it('is the base of relative paths, and leaves absolute ones alone', async () => {
    const root = await folder({ 'a.yml': 'devices: { settings: lists/mine.yml, state: /var/lib/known.yml }' });
    const { config, baseDir } = await load({ cwd: '/', file: join(root, 'a.yml') });
    expect(baseDir).toBe(root);
    expect(config.devices).toMatchObject({
      settings: join(root, 'lists/mine.yml'),
      state: '/var/lib/known.yml',
    });
  });

  it('may use anchors and aliases, and the numbers of YAML 1.2', async () => {
    const yaml = 'server: { maxPingTime: &time 0x3e8 }\nplugins: { transport-websocket: { maxPingTime: *time } }\n';
    const { config } = await load({ yaml });
    expect(config.server.maxPingTime).toBe(1000);
    expect(config.plugins['transport-websocket']?.config).toMatchObject({ maxPingTime: 1000 });
  });

  it('takes words that YAML 1.1 read as truth values for text', async () => {
    expect((await load({ yaml: 'server: { name: yes }' })).config.server.name).toBe('yes');
  });
});

describe('a value instead of a file', () => {
  it('is held to the same rules', async () => {
    const cwd = await folder({ 'pulsegate.yml': 'http: { port: 1 }' });
    const { config, baseDir } = await load({
      cwd,
      inline: { server: { name: 'no' } },
      env: { PULSEGATE_HTTP_PORT: '2' },
    });
    expect(baseDir).toBe(cwd);
    expect([config.server.name, config.http.port]).toEqual(['no', 2]);
  });

  it('is answered without line numbers, which it does not have', async () => {
    const circular: Record<string, unknown> = {};
    circular.http = circular;
    expect(await refusal({ inline: { http: { port: 'x', hots: 1 }, safety: { onPingTimeout: '5' } } })).toEqual([
      'configuration: http.port: found "x", expected a whole number from 0 to 65535',
      'configuration: http.hots: unknown key, did you mean "host"?',
      'configuration: safety.onPingTimeout: found "5", expected "all" or "driven"',
    ]);
    expect(await refusal({ inline: circular })).toHaveLength(1);
    expect(await refusal({ inline: [] })).toHaveLength(1);
    expect(await refusal({ inline: { http: () => 1 } })).toEqual([
      'configuration: it holds something that cannot be written down',
    ]);
  });
});

describe('precedence', () => {
  it('is flags, environment, file, defaults', async () => {
    const yaml = 'server: { name: file }\nhttp: { port: 1 }\nlog: { level: warn, format: json }';
    const env = { PULSEGATE_HTTP_PORT: '2', PULSEGATE_LOG_LEVEL: 'error' };
    const { config } = await load({ yaml, env, flags: { port: '3' } });
    expect(config.http.port).toBe(3);
    expect(config.log).toEqual({ level: 'error', format: 'json' });
    expect(config.server).toEqual({ name: 'file', maxPingTime: 0 });
  });

  it('takes every flag', async () => {
    const { config } = await load({ flags: { host: '::1', port: 8080, logLevel: 'trace' } });
    expect([config.http.host, config.http.port, config.log.level]).toEqual(['::1', 8080, 'trace']);
  });

  it('names the file by argument before PULSEGATE_CONFIG before the usual name', async () => {
    const cwd = await folder({
      'a.yml': 'http: {port: 1}',
      'b.yml': 'http: {port: 2}',
      'pulsegate.yml': 'http: {port: 3}',
    });
    const env = { PULSEGATE_CONFIG: 'b.yml' };
    expect((await load({ cwd, env, file: 'a.yml' })).config.http.port).toBe(1);
    expect((await load({ cwd, env })).config.http.port).toBe(2);
    expect((await load({ cwd, env: { PULSEGATE_CONFIG: '' } })).config.http.port).toBe(3);
  });

  it('changes one key of a section that an alias shares with another', async () => {
    const yaml =
      'plugins:\n  transport-websocket: &s { maxPingTime: 5 }\n  hardware-websocket: { enabled: true }\n  pulsegate-plugin-x: *s\n';
    const installed = { 'pulsegate-plugin-x': Type.Object({ maxPingTime: Type.Integer() }) };
    const { config } = await load({
      yaml,
      installed,
      env: { PULSEGATE_PLUGINS_TRANSPORT_WEBSOCKET_MAX_PING_TIME: '9' },
    });
    expect(config.plugins['transport-websocket']?.config).toMatchObject({ maxPingTime: 9 });
    expect(config.plugins['pulsegate-plugin-x']?.config).toEqual({ maxPingTime: 5 });
  });
});

describe('an address that others reach', () => {
  it.each(['127.0.0.1', '127.255.0.3', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'LocalHost'])(
    '%s is loopback and needs no token',
    async (host) => {
      expect((await load({ flags: { host } })).config.http.host).toBe(host);
    },
  );

  it.each(['0.0.0.0', '::', '192.168.1.5', 'fe80::1', '127.1', 'localhost.example.org', '::ffff:10.0.0.1', ' '])(
    '%j is refused without one, with both ways out',
    async (host) => {
      expect(await refusal({ flags: { host } })).toEqual([
        `command line: --host: ${JSON.stringify(host)} is reached from other machines, and there is no access token, ` +
          'set http.token (at least 16 characters), or http.insecure: true to let everyone there control the devices',
      ]);
    },
  );

  it('is accepted with a token, or when the person insists', async () => {
    const host = '0.0.0.0';
    const token = '0123456789abcdef';
    const { config } = await load({ flags: { host }, env: { PULSEGATE_HTTP_TOKEN: token } });
    expect(config.http.token?.reveal()).toBe(token);
    expect((await load({ yaml: `http: { host: ${host}, insecure: true }` })).config.http.insecure).toBe(true);
  });

  it('is told together with every other mistake, at its own line', async () => {
    expect(await refusal({ yaml: 'log: { level: loud }\nhttp:\n  port: 1\n  host: "::"\n' })).toEqual([
      expect.stringMatching(/^pulsegate\.yml:1: log\.level: found "loud"/),
      expect.stringMatching(/^pulsegate\.yml:4: http\.host: "::" is reached/),
    ]);
  });
});
