import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtinSections as builtins } from '../../../core/builtin-plugins.js';
import { Secret } from '../../../core/config/secret.js';
import { isSection } from '../../../core/config/shape.js';
import { variables } from '../../../core/config/variables.js';
import { folder, load } from './support.js';

const shipped = fileURLToPath(new URL('../../../config/', import.meta.url));
const examples = await readdir(join(shipped, 'examples'));

const EFFECTS: Readonly<Record<string, object>> = {
  'behind-a-reverse-proxy.yml': {
    http: { host: '127.0.0.1', allowedHosts: ['gateway.example.org'], token: expect.any(Secret) },
    log: { format: 'json' },
  },
  'strict-ping.yml': {
    server: { maxPingTime: 1000 },
    safety: { onPingTimeout: 'all' },
    plugins: { 'transport-websocket': { enabled: true, required: true, config: { maxPingTime: 500 } } },
  },
  'no-simulation.yml': { plugins: { 'hardware-simulated': { enabled: false } } },
};

describe('config/default.yml', () => {
  it('says what the gateway does without it', async () => {
    const cwd = await folder();
    const nothing = await load({ cwd, builtins });
    await copyFile(join(shipped, 'default.yml'), join(cwd, 'pulsegate.yml'));
    const { config, warnings } = await load({ cwd, builtins });
    expect(config).toEqual(nothing.config);
    expect(warnings).toEqual([]);
  });

  it('spells out every key that has a default, of the core and of every built-in plugin', async () => {
    const text = await readFile(join(shipped, 'default.yml'), 'utf8');
    const written: unknown = parse(text);
    const at = (path: readonly string[]) =>
      path.reduce<unknown>((value, key) => (isSection(value) ? value[key] : undefined), written);
    const leaves = [...variables(builtins).values()];
    const silent = leaves.filter(({ path, schema }) => 'default' in schema && at(path) === undefined);
    expect(silent.map(({ path }) => path.join('.'))).toEqual([]);
    const isMentioned = (key = '') => new RegExp(`# .*\\b${key}: `).test(text);
    const unmentioned = leaves.filter(({ path }) => at(path) === undefined && !isMentioned(path.at(-1)));
    expect(unmentioned.map(({ path }) => path.join('.'))).toEqual([]);
  });
});

describe('config/examples', () => {
  it('are all known here', () => {
    expect(examples.sort()).toEqual(Object.keys(EFFECTS).sort());
  });

  it.each(Object.entries(EFFECTS))('%s does what it says', async (name, effect) => {
    const { config, warnings } = await load({ file: join(shipped, 'examples', name), builtins });
    expect(config).toMatchObject(effect);
    expect(warnings).toEqual([]);
  });
});
