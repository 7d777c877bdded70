import { join } from 'node:path';
import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { folder, load, refusal } from './support.js';

describe('a built-in plugin', () => {
  it('keeps its default for `enabled` when its section only sets something else, and says that it does not run', async () => {
    const { config, warnings } = await load({ yaml: 'log: {}\nplugins:\n  hardware-websocket: { port: 1 }\n' });
    expect(config.plugins['hardware-websocket']).toEqual({ enabled: false, required: false, config: { port: 1 } });
    expect(warnings).toEqual([
      'pulsegate.yml:3: plugins.hardware-websocket: this plugin does not run unless its section says enabled: true',
    ]);
  });

  it('is checked when it is switched off too, except for keys that are missing', async () => {
    const builtins = new Map([
      [
        'needy',
        { enabledByDefault: true, schema: Type.Object({ url: Type.String(), n: Type.Integer({ default: 1 }) }) },
      ],
    ]);
    expect(await refusal({ builtins, yaml: 'plugins: { needy: }' })).toEqual([
      'pulsegate.yml:1: plugins.needy.url: found nothing, expected text',
    ]);
    expect(await refusal({ builtins })).toEqual(['pulsegate.yml: plugins.needy.url: found nothing, expected text']);
    expect(await refusal({ builtins, yaml: 'plugins: { needy: { enabled: false, n: x } }' })).toEqual([
      'pulsegate.yml:1: plugins.needy.n: found "x", expected a whole number',
    ]);
    const { config } = await load({ builtins, yaml: 'plugins: { needy: { enabled: false } }' });
    expect(config.plugins.needy).toEqual({ enabled: false, required: false, config: { n: 1 } });
  });

  it('gets a missing key from the environment', async () => {
    const builtins = new Map([['needy', { enabledByDefault: true, schema: Type.Object({ url: Type.String() }) }]]);
    const { config } = await load({ builtins, yaml: 'plugins: { needy: }', env: { PULSEGATE_PLUGINS_NEEDY_URL: '5' } });
    expect(config.plugins.needy?.config).toEqual({ url: '5' });
  });

  it('is not replaced by a third-party plugin of the same name', async () => {
    expect(await refusal({ yaml: 'plugins: { transport-mqtt: { from: ./mine } }' })).toEqual([
      'pulsegate.yml:1: plugins.transport-mqtt.from: this plugin is built in and takes no "from", give a third-party plugin a name of its own',
    ]);
  });
});

describe('a third-party plugin', () => {
  const schema = Type.Object({
    level: Type.Integer({ default: 3 }),
    file: Type.String({ default: './x.bin', 'x-path': true }),
  });

  it('is asked for its schema, and its section is checked and completed', async () => {
    const asked: unknown[] = [];
    const cwd = await folder({
      'pulsegate.yml': 'plugins:\n  mine: { from: ./plugins/mine, required: true, level: 4 }\n',
    });
    const { config } = await load({
      cwd,
      pluginSchema: async (...args) => {
        asked.push(args);
        return schema;
      },
    });
    const from = join(cwd, 'plugins/mine');
    expect(asked).toEqual([['mine', { enabled: true, required: true, from }, cwd]]);
    expect(config.plugins.mine).toEqual({
      enabled: true,
      required: true,
      from,
      config: { level: 4, file: join(cwd, 'x.bin') },
    });
  });

  it.each([
    ['mine: { from: some-package }', 'some-package'],
    ['mine: { from: "@me/some-package" }', '@me/some-package'],
    ['mine: { from: /opt/mine }', '/opt/mine'],
    ['pulsegate-plugin-mine: {}', 'pulsegate-plugin-mine'],
    ['pulsegate-plugin-mine: { from: other }', 'other'],
  ])('%s comes from %s', async (section, from) => {
    const { config } = await load({ yaml: `plugins: { ${section} }`, pluginSchema: async () => schema });
    expect(Object.values(config.plugins).at(-1)?.from).toBe(from);
  });

  it('has its own keys checked with the same strictness', async () => {
    const yaml = 'plugins:\n  mine:\n    from: a\n    levle: 1\n    reqired: true\n    file: 5\n';
    expect(await refusal({ yaml, installed: { mine: schema } })).toEqual([
      'pulsegate.yml:4: plugins.mine.levle: unknown key, did you mean "level"?',
      'pulsegate.yml:5: plugins.mine.reqired: unknown key, did you mean "required"?',
      'pulsegate.yml:6: plugins.mine.file: found 5, expected a path, put it in quotes',
    ]);
  });

  it('may take any key when its schema says so', async () => {
    const installed = { open: Type.Object({}, { additionalProperties: true }), any: Type.Unknown() };
    const { config } = await load({
      yaml: 'plugins: { open: { from: a, k: [1] }, any: { from: a, k: 2 } }',
      installed,
    });
    expect([config.plugins.open?.config, config.plugins.any?.config]).toEqual([{ k: [1] }, { k: 2 }]);
  });

  it('may have rules about the section as a whole', async () => {
    const installed = { mine: Type.Object({ a: Type.Optional(Type.Integer()) }, { minProperties: 1 }) };
    expect(await refusal({ yaml: 'plugins: { mine: { from: a } }', installed })).toEqual([
      expect.stringMatching(/^pulsegate\.yml:1: plugins\.mine: does not fit what the plugin asks for: /),
    ]);
  });

  it('points into the alternative of a choice that was meant', async () => {
    const port = Type.Object({ kind: Type.Literal('serial'), path: Type.String() });
    const radio = Type.Object({ kind: Type.Literal('radio'), channel: Type.Integer({ default: 7 }) });
    const installed = { mine: Type.Object({ link: Type.Union([Type.Literal('auto'), port, radio]) }) };
    const link = (text: string) => ({ yaml: `plugins: { mine: { from: a, link: ${text} } }`, installed });
    expect((await load(link('{ kind: radio }'))).config.plugins.mine?.config).toEqual({
      link: { kind: 'radio', channel: 7 },
    });
    expect(await refusal(link('{ kind: serial, pth: x }'))).toEqual([
      'pulsegate.yml:1: plugins.mine.link.path: found nothing, expected text',
      'pulsegate.yml:1: plugins.mine.link.pth: unknown key, did you mean "path"?',
    ]);
    expect(await refusal(link('5'))).toEqual([
      'pulsegate.yml:1: plugins.mine.link: found 5, expected "auto", a section with the keys kind and path or a section with the keys kind and channel',
    ]);
  });

  it('is not loaded when it is switched off', async () => {
    const pluginSchema = () => Promise.reject(new Error('must not be asked'));
    const { config, warnings } = await load({
      yaml: 'plugins: { mine: { enabled: false, from: a, k: 1 } }',
      pluginSchema,
    });
    expect(config.plugins.mine).toEqual({ enabled: false, required: false, from: 'a', config: { k: 1 } });
    expect(warnings).toEqual([]);
  });

  it('that does not load is a warning, and an error when it is required', async () => {
    const pluginSchema = () => Promise.reject(new Error('Cannot find libfoo.so\nRequire stack: …'));
    const { config, warnings } = await load({ yaml: 'plugins:\n  mine: { from: a, k: 1 }', pluginSchema });
    expect(config.plugins.mine).toEqual({ enabled: true, required: false, from: 'a', config: { k: 1 } });
    const line = 'pulsegate.yml:2: plugins.mine: the plugin does not load: Cannot find libfoo.so';
    expect(warnings).toEqual([line]);
    expect(await refusal({ yaml: 'plugins:\n  mine: { from: a, required: true }', pluginSchema })).toEqual([line]);
  });

  it.each([
    ['transport-mqt: {}', 'plugins.transport-mqt: unknown plugin, did you mean "transport-mqtt"?'],
    [
      'zzz: {}',
      'plugins.zzz: unknown plugin, a third-party plugin needs "from": the name of its package, or its folder',
    ],
    [
      'constructor: {}',
      'plugins.constructor: unknown plugin, a third-party plugin needs "from": the name of its package, or its folder',
    ],
    [
      'pulsegate-plugin-zzz: {}',
      'plugins.pulsegate-plugin-zzz: found no package of this name, expected it to be installed with npm',
    ],
    [
      'zzz: { from: ./q }',
      'plugins.zzz.from: found "./q", expected the name of an installed package, or a folder (./…) with a plugin in it',
    ],
  ])('that does not exist is refused: %s', async (section, line) => {
    expect(await refusal({ yaml: `plugins: { ${section} }` })).toEqual([`pulsegate.yml:1: ${line}`]);
  });

  it('that does not exist is only a warning when it is switched off', async () => {
    const { config, warnings } = await load({ yaml: 'plugins: { transport-mqt: { enabled: false } }' });
    expect(warnings).toEqual([
      'pulsegate.yml:1: plugins.transport-mqt: unknown plugin, ignored because it is not enabled, did you mean "transport-mqtt"?',
    ]);
    expect(config.plugins).not.toHaveProperty('transport-mqt');
  });
});
