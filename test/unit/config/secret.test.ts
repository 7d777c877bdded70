import { inspect } from 'node:util';
import { pino } from 'pino';
import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import type { BuiltinPlugins } from '../../../core/config/builtins.js';
import { secret } from '../../../core/config/keys.js';
import type { LoadedConfig } from '../../../core/config/load.js';
import { Secret } from '../../../core/config/secret.js';
import { folder, issues, load, refusal } from './support.js';

const VALUE = 'hunter2-hunter2-hunter2';
const TOKEN = '0123456789abcdef0123';

/** Secrets in every place that a plugin may have one. */
const builtins: BuiltinPlugins = new Map(
  [true, false].map((enabledByDefault) => [
    enabledByDefault ? 'runs' : 'rests',
    {
      enabledByDefault,
      schema: Type.Object({
        password: Type.Optional(secret('Password.', { minLength: 4 })),
        users: Type.Record(Type.String(), Type.Object({ password: secret('Password.') }), { default: {} }),
        keys: Type.Array(secret('Key.'), { default: [] }),
        either: Type.Union([Type.Literal('none'), secret('Key.', { minLength: 10 })], { default: 'none' }),
      }),
    },
  ]),
);

const everywhere = (value: string) =>
  `{ password: "${value}", users: { lamp: { password: "${value}" } }, keys: ["${value}"], either: "${value}" }`;

/** What a plugin was given. */
async function section(yaml: string, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  return (await load({ yaml, env, builtins })).config.plugins.runs?.config;
}

describe('a secret', () => {
  it('is shown to nobody who does not ask', () => {
    const hidden = new Secret(VALUE);
    const shown = [JSON.stringify({ hidden }), inspect({ hidden }), inspect(hidden, { showHidden: true }), `${hidden}`];
    expect(shown.filter((text) => text.includes(VALUE))).toEqual([]);
    expect(shown.every((text) => text.includes('[secret]'))).toBe(true);
    expect(JSON.stringify(Object.entries(hidden)) + JSON.stringify({ ...hidden })).not.toContain(VALUE);
    expect(hidden.reveal()).toBe(VALUE);
  });

  it('of a configuration is in no dump and no log of it, wherever it stands', async () => {
    const yaml = `http: { token: ${TOKEN} }
scripts: { token: ${TOKEN} }
plugins:
  runs: ${everywhere(VALUE)}
  rests: ${everywhere(VALUE)}`;
    const { config } = await load({ yaml, builtins });
    let logged = '';
    const log = pino({ level: 'trace' }, { write: (line: string) => (logged += line) });
    log.info({ config }, 'all of it');
    log.info(config.plugins, `${config.http.token}`);
    const shown = JSON.stringify(config) + inspect(config, { depth: 20, showHidden: true }) + logged;
    expect(shown).toContain('[secret]');
    expect(shown).not.toContain(VALUE);
    expect(shown).not.toContain(TOKEN);
    expect([config.http.token?.reveal(), config.scripts.token?.reveal()]).toEqual([TOKEN, TOKEN]);
  });

  it('is there for the plugin that asked for it', async () => {
    const texts = (value: unknown): unknown =>
      value instanceof Secret
        ? value.reveal()
        : typeof value === 'object' && value !== null
          ? Object.values(value).map(texts)
          : value;
    expect(texts(await section(`plugins: { runs: ${everywhere(VALUE)} }`))).toEqual([VALUE, [[VALUE]], [VALUE], VALUE]);
    expect(await section('plugins: { runs: { either: none } }')).toMatchObject({ users: {}, keys: [] });
  });
});

describe('a secret that is somewhere else', () => {
  const password = ({ config }: LoadedConfig) => {
    const section = config.plugins['transport-mqtt']?.config;
    const found = section instanceof Object && 'password' in section ? section.password : undefined;
    return found instanceof Secret ? found.reveal() : found;
  };

  it.each([
    [`${VALUE}\n`, VALUE],
    [`${VALUE}\r\n`, VALUE],
    [` ${VALUE} `, ` ${VALUE} `],
    [`${VALUE}\n\n`, `${VALUE}\n`],
  ])('may be in a file, without the line break at its end: %j', async (content, meant) => {
    const yaml = 'plugins: { transport-mqtt: { password: file:./mqtt.secret } }';
    const cwd = await folder({ 'mqtt.secret': content, 'pulsegate.yml': yaml });
    expect(password(await load({ cwd }))).toBe(meant);
  });

  it('may be in a variable, and may be pointed at by one', async () => {
    const yaml = 'plugins: { transport-mqtt: { password: env:HOME_MQTT } }';
    expect(password(await load({ yaml, env: { HOME_MQTT: VALUE } }))).toBe(VALUE);
    const env = { PULSEGATE_PLUGINS_TRANSPORT_MQTT_PASSWORD: 'env:HOME_MQTT', HOME_MQTT: VALUE };
    expect(password(await load({ env }))).toBe(VALUE);
    const token = { yaml: 'http: { token: env:GATE }', env: { GATE: TOKEN } };
    expect((await load(token)).config.http.token?.reveal()).toBe(TOKEN);
  });

  it.each([
    ['file:./nowhere', 'the file "./nowhere" cannot be read (ENOENT)'],
    ['file:.', 'the file "." cannot be read (EISDIR)'],
    ['env:NOT_SET', 'the environment variable "NOT_SET" is not set'],
    ['env:', 'the environment variable "" is not set'],
    ['env:SHORT', 'what is in "env:SHORT" does not fit, expected text of at least 4 characters'],
  ])('is missed when it is not there: %s', async (text, problem) => {
    const yaml = `plugins:\n  transport-mqtt: { password: "${text}" }`;
    const where = 'pulsegate.yml:2: plugins.transport-mqtt.password: ';
    expect(await refusal({ yaml, env: { SHORT: 'abc' } })).toEqual([where + problem]);
  });

  it('is not looked for while its plugin is off', async () => {
    const yaml = 'plugins: { transport-mqtt: { enabled: false, password: env:NOT_SET } }';
    expect(JSON.stringify((await load({ yaml })).config)).toContain('"password":"[secret]"');
  });
});

describe('a configuration with mistakes', () => {
  it('shows no secret, whatever is wrong with it', async () => {
    for (const wrong of ['[hunter2]', '{ a: hunter2 }', 'hunter2', '12345', 'true']) {
      const yaml = `plugins:\n  runs: { either: ${wrong}, keys: [1, ${wrong}, { a: hunter2 }], nothing: ${wrong} }`;
      const error = await issues({ yaml, builtins });
      expect(error.message + JSON.stringify(error.issues) + inspect(error)).not.toMatch(/hunter2|12345/);
    }
  });

  it('shows no secret that is in a file or a variable', async () => {
    const error = await issues({
      yaml: 'plugins: { runs: { either: env:KEY } }',
      env: { KEY: 'hunter2' },
      builtins,
    });
    expect(error.message).toContain('what is in "env:KEY" does not fit');
    expect(error.message + JSON.stringify(error.issues)).not.toContain('hunter2');
  });
});
