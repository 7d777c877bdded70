import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ConfigError } from '../../../core/config/issues.js';
import { variables } from '../../../core/config/variables.js';
import { builtins, folder, load, type World } from './support.js';

const prototypes = () =>
  [Object.prototype, Array.prototype, Function.prototype].map((one) => Reflect.ownKeys(one).length);

/** Loads; a refusal is as good as a success, anything else is not. */
async function survives(world: World): Promise<void> {
  const before = prototypes();
  try {
    const { config } = await load(world);
    expect(Object.isFrozen(config)).toBe(true);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.issues.length).toBeGreaterThan(0);
    expect(error.message).not.toBe('');
  }
  expect(prototypes()).toEqual(before);
  expect({}).not.toHaveProperty('polluted');
}

const KNOWN = [
  'http',
  'port',
  'token',
  'plugins',
  'devices',
  'reconnect',
  'log',
  'enabled',
  'from',
  ...builtins.keys(),
];
const HOSTILE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '<<', ''];
const key = fc.oneof(fc.constantFrom(...KNOWN, ...HOSTILE), fc.string());
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 6 }, tie('leaf'), tie('list'), tie('section'), tie('section')),
  leaf: fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant('polluted')),
  list: fc.array(tie('tree'), { maxLength: 4 }),
  section: fc.array(fc.tuple(key, tie('tree')), { maxLength: 6 }).map((entries) => new Map(entries)),
}));

const runs = (numRuns: number) => ({ numRuns });

describe('junk is answered with a ConfigError, or taken for what it is', () => {
  it('as a tree of known, hostile and random keys', async () => {
    const cwd = await folder();
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        await writeFile(join(cwd, 'pulsegate.yml'), stringify(value));
        await survives({ cwd });
      }),
      runs(500),
    );
  });

  it('as bytes', async () => {
    const cwd = await folder();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await writeFile(join(cwd, 'pulsegate.yml'), bytes);
        await survives({ cwd });
      }),
      runs(300),
    );
  });

  it('as the characters that YAML gives a meaning to', async () => {
    const cwd = await folder();
    const piece = fc.constantFrom(
      ...': - \n   { } [ ] & * ! | > % @ ` \' " # , ? a http port __proto__ << 1'.split(' '),
      ' ',
      '\n',
      '\t',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        await writeFile(join(cwd, 'pulsegate.yml'), pieces.join(''));
        await survives({ cwd });
      }),
      runs(1000),
    );
  });

  it('in the environment and on the command line', async () => {
    const cwd = await folder();
    const name = fc.oneof(
      fc.constantFrom(...variables(builtins).keys()),
      fc.string().map((text) => `PULSEGATE_${text}`),
    );
    const environment = fc.dictionary(name, fc.oneof(fc.string(), fc.json()), { maxKeys: 6 });
    const text = fc.option(fc.string(), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(environment, text, text, text, async (env, host, port, logLevel) => {
        await survives({ cwd, env, flags: { host, port, logLevel } });
      }),
      runs(500),
    );
  });
});
