import { describe, expect, it } from 'vitest';
import { Secret } from '../../../core/config/secret.js';
import { isText, variables } from '../../../core/config/variables.js';
import { builtins, folder, load, refusal } from './support.js';

/** A value that is right for the key and not its default. */
const samples: Readonly<Record<string, string>> = {
  'http.host': 'localhost',
  'http.token': '0123456789012345',
  'http.port': '0x10',
  'http.allowedHosts': '[a, b]',
  'http.allowedOrigins': '[]',
  'http.insecure': 'true',
  'safety.onPingTimeout': 'driven',
  'devices.reconnect.enabled': 'false',
  'scripts.examples': 'false',
  'scripts.token': '0123456789012345',
  'scripts.memoryMb': '64',
  'scripts.logLinesPerSecond': '7',
  'log.level': 'debug',
  'log.format': 'json',
  'plugins.transport-mqtt.broker': 'mqtt://host',
  'plugins.transport-mqtt.password': '123456',
  'plugins.transport-websocket.heartbeat.period': '2.5',
  'plugins.hardware-simulated.devices': '[{ model: The Handy, battery: 7 }]',
};

function sample(key: string, text: boolean): string {
  if (samples[key] !== undefined) return samples[key];
  if (key.endsWith('.enabled')) return key.includes('hardware-websocket') ? 'true' : 'false';
  if (key.endsWith('.required')) return 'true';
  return text ? '/some/where' : '1234';
}

/** Every plain value and list below, by key; the split of plugin sections is undone. */
function flat(value: object, prefix = ''): Map<string, unknown> {
  return new Map(
    Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
      const key = prefix + name;
      if (typeof inner !== 'object' || Array.isArray(inner) || inner instanceof Secret) return [[key, inner]];
      return [...flat(inner, /^plugins\.[^.]+\.config$/.test(key) ? key.slice(0, -'config'.length) : `${key}.`)];
    }),
  );
}

const named = [...variables(builtins)].map(([name, { path, schema }]) => [name, path.join('.'), schema] as const);

describe('every key has a variable of its own', () => {
  it('and every variable a key', async () => {
    const optional = ['devices.userConfig', 'http.token', 'scripts.token', 'plugins.transport-mqtt.password'];
    const { config } = await load();
    expect(named.map(([, key]) => key).sort()).toEqual([...flat(config).keys(), ...optional].sort());
    expect(new Set(named.map(([name]) => name)).size).toBe(named.length);
  });

  it.each(named)('%s sets %s and nothing else', async (name, key, schema) => {
    const cwd = await folder();
    const before = flat((await load({ cwd })).config);
    const after = flat((await load({ cwd, env: { [name]: sample(key, isText(schema)) } })).config);
    expect([...after].filter(([one, value]) => JSON.stringify(before.get(one)) !== JSON.stringify(value))).toEqual([
      [key, expect.anything()],
    ]);
  });

  it.each([
    ['http.port', 'PULSEGATE_HTTP_PORT'],
    ['server.maxPingTime', 'PULSEGATE_SERVER_MAX_PING_TIME'],
    ['devices.reconnect.maxDelay', 'PULSEGATE_DEVICES_RECONNECT_MAX_DELAY'],
    ['plugins.transport-websocket.maxPingTime', 'PULSEGATE_PLUGINS_TRANSPORT_WEBSOCKET_MAX_PING_TIME'],
    ['plugins.transport-mqtt.enabled', 'PULSEGATE_PLUGINS_TRANSPORT_MQTT_ENABLED'],
  ])('%s is %s', (key, name) => {
    expect(named.find(([, one]) => one === key)?.[0]).toBe(name);
  });

  it('and two plugins whose keys would share one are a mistake of ours', () => {
    const plugin = builtins.get('transport-mqtt');
    const clash = new Map(
      plugin
        ? ([
            ['a-b', plugin],
            ['a_b', plugin],
          ] as const)
        : [],
    );
    expect(() => variables(clash)).toThrow('share the variable PULSEGATE_PLUGINS_A_B_ENABLED');
  });
});

describe('the value of a variable', () => {
  it('is taken as it is where the key holds text', async () => {
    const env = { PULSEGATE_HTTP_TOKEN: '0000000000000001', PULSEGATE_SERVER_NAME: '[not: yaml' };
    const { config } = await load({ env });
    expect([config.http.token?.reveal(), config.server.name]).toEqual(['0000000000000001', '[not: yaml']);
  });

  it('counts as not set when it is empty', async () => {
    const env = { PULSEGATE_HTTP_PORT: '', PULSEGATE_HTTP_TOKEN: '', PULSEGATE_NO_SUCH_THING: '' };
    expect((await load({ env })).config).toMatchObject({ http: { port: 12_345 } });
  });

  it('is checked like the file, with the variable in the answer', async () => {
    expect(
      await refusal({
        env: {
          PULSEGATE_HTTP_PORT: '70000',
          PULSEGATE_HTTP_INSECURE: 'yes',
          PULSEGATE_HTTP_ALLOWED_HOSTS: 'a, b',
          PULSEGATE_LOG_LEVEL: 'loud',
          PULSEGATE_SESSIONS_MAX_PENDING: '[1',
          PULSEGATE_HTTP_TOKEN: 'short',
          PULSEGATE_PLUGINS_HARDWARE_SIMULATED_DEVICES: '[{ modl: x }, { model: 1 }]',
        },
      }),
    ).toEqual([
      'environment: PULSEGATE_HTTP_PORT: found 70000, expected a whole number from 0 to 65535',
      'environment: PULSEGATE_HTTP_INSECURE: found "yes", expected true or false',
      'environment: PULSEGATE_HTTP_ALLOWED_HOSTS: found "a, b", expected a list of texts',
      'environment: PULSEGATE_LOG_LEVEL: found "loud", expected "fatal", "error", "warn", "info", "debug", "trace" or "silent"',
      'environment: PULSEGATE_SESSIONS_MAX_PENDING: found "[1", expected a whole number from 1 to 100000',
      'environment: PULSEGATE_HTTP_TOKEN: found (hidden), expected text of at least 16 characters',
      'environment: PULSEGATE_PLUGINS_HARDWARE_SIMULATED_DEVICES[0].modl: unknown key, did you mean "model"?',
      'environment: PULSEGATE_PLUGINS_HARDWARE_SIMULATED_DEVICES[1].model: found 1, expected text that is not empty, put it in quotes',
      'environment: PULSEGATE_PLUGINS_HARDWARE_SIMULATED_DEVICES[0].model: found nothing, expected text that is not empty',
    ]);
  });
});

describe('an unknown variable', () => {
  it.each([
    ['PULSEGATE_HTP_PORT', 'did you mean PULSEGATE_HTTP_PORT?'],
    ['PULSEGATE_PORT', 'did you mean PULSEGATE_HTTP_PORT?'],
    ['PULSEGATE_TOKEN', 'did you mean PULSEGATE_HTTP_TOKEN?'],
    ['PULSEGATE_CONFIGURATION', 'only keys of the gateway and of built-in plugins have variables'],
    ['PULSEGATE_CONFG', 'did you mean PULSEGATE_CONFIG?'],
    ['PULSEGATE___PROTO__', 'only keys of the gateway and of built-in plugins have variables'],
  ])('%s is refused: %s', async (name, hint) => {
    expect(await refusal({ env: { [name]: '1' } })).toEqual([`environment: ${name}: unknown variable, ${hint}`]);
  });

  it('of another program is not ours to judge', async () => {
    await expect(
      load({ env: { PATH: '/bin', PULSE_SERVER: 'x', PULSEGATE: 'y', npm_PULSEGATE_X: 'z' } }),
    ).resolves.toBeDefined();
  });

  it('that Kubernetes or Docker sets for a service of our name is left alone', async () => {
    const env = {
      PULSEGATE_SERVICE_HOST: '10.0.0.1',
      PULSEGATE_SERVICE_PORT: '12345',
      PULSEGATE_SERVICE_PORT_HTTP: '12345',
      PULSEGATE_PORT: 'tcp://10.0.0.1:12345',
      PULSEGATE_PORT_12345_TCP: 'tcp://10.0.0.1:12345',
      PULSEGATE_PORT_12345_TCP_PROTO: 'tcp',
      PULSEGATE_PORT_12345_TCP_PORT: '12345',
      PULSEGATE_PORT_12345_TCP_ADDR: '10.0.0.1',
    };
    expect((await load({ env })).config.http.port).toBe(12_345);
  });
});
