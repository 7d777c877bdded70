import { readdirSync } from 'node:fs';
import { mkdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../core/clock.js';
import { ScriptError } from '../../../core/errors.js';
import { ScriptSources } from '../../../core/scripting/files/sources.js';
import { TypeStripper } from '../../../core/scripting/files/strip-types.js';
import { type Files, namedPipe, refusal, scriptFolder, write } from './script-folder.js';

const SECRET = 'export default "the secret";';

interface Script {
  readonly folder: string;
  readonly sources: ScriptSources;
  /** What the entry gets for this specifier. */
  load(specifier: string): Promise<string>;
}

/** A script whose entry has been read. */
async function script(files: Files = {}): Promise<Script> {
  const folder = await scriptFolder({ 'index.js': 'entry', ...files });
  return started(folder);
}

async function started(folder: string): Promise<Script> {
  const stripper = new TypeStripper(systemClock);
  onTestFinished(() => stripper.close());
  const sources = new ScriptSources(folder, join(folder, 'index.js'), stripper);
  await sources.entry();
  return { folder, sources, load: async (specifier) => (await sources.resolve(specifier, 'index.js')).text };
}

describe('a module', () => {
  it('is a file in the folder of the script, named from the one that imports it', async () => {
    const { sources } = await script({ 'lib/a.mjs': 'a', 'lib/deep/b.js': 'b', 'c.js': 'c' });
    expect(await sources.entry()).toEqual({ path: 'index.js', text: 'entry' });
    expect(await sources.resolve('./lib/a.mjs', 'index.js')).toEqual({ path: 'lib/a.mjs', text: 'a' });
    expect(await sources.resolve('./deep/b.js', 'lib/a.mjs')).toEqual({ path: 'lib/deep/b.js', text: 'b' });
    expect(await sources.resolve('../../c.js', 'lib/deep/b.js')).toEqual({ path: 'c.js', text: 'c' });
    expect(await sources.resolve('./lib/../c.js', 'index.js')).toEqual({ path: 'c.js', text: 'c' });
  });

  it('may be TypeScript, also under the name that it would become', async () => {
    const text = 'let a: number';
    const { load, sources } = await script({ 'a.ts': text, 'b.mts': text, 'c.ts': text, 'c.js': 'plain' });
    for (const name of ['./a.ts', './b.mts', './a.js', './b.mjs']) expect(await load(name)).toBe('let a        ');
    expect(await load('./c.js')).toBe('plain');
    expect(await sources.resolve('./a.js', 'index.js')).toMatchObject({ path: 'a.ts' });
    expect(await sources.resolve('./c.js', 'a.ts')).toMatchObject({ text: 'plain' });
  });

  it('may be JSON, which stays data', async () => {
    const json = '{ "a": "\\u2028\u2028`\\\\", "__proto__": 1 }\n';
    const { load } = await script({ 'a.json': json, 'b.json': '{ a: 1 }', 'c.json': 'run()' });
    const text = await load('./a.json');
    const url = `data:text/javascript,${encodeURIComponent(text)}`;
    expect(JSON.stringify((await import(url)).default)).toBe(JSON.stringify(JSON.parse(json)));
    expect(await refusal(load('./b.json'))).toMatch(/^ScriptError: "b\.json" is not JSON: /);
    expect(await refusal(load('./c.json'))).toMatch(/^ScriptError: "c\.json" is not JSON: /);
  });

  it('is read once, so that a run does not see half of a change', async () => {
    const { folder, load } = await script({ 'a.js': 'old' });
    expect(await load('./a.js')).toBe('old');
    await writeFile(join(folder, 'a.js'), 'new');
    expect(await load('./a.js')).toBe('old');
    expect(await (await started(folder)).load('./a.js')).toBe('new');
  });

  it('loses its byte order mark, and nothing else', async () => {
    const { load } = await script({ 'a.js': '\ufeff#!x\r\n\tä' });
    expect(await load('./a.js')).toBe('#!x\r\n\tä');
  });

  it.each([
    ['./none.js', '"none.js" is not there; index.js imports it'],
    ['./lib', '"./lib" cannot be imported: the names of modules end in .js, .mjs, .ts, .mts, .json'],
    ['./lib/', '"./lib/" cannot be imported: the names of modules end in .js, .mjs, .ts, .mts, .json'],
    ['./a.cjs', '"./a.cjs" cannot be imported: the names of modules end in .js, .mjs, .ts, .mts, .json'],
    ['./folder.js', '"folder.js" is not a file'],
    ['./index.js/x.js', '"index.js/x.js" is not there; index.js imports it'],
    ['./bytes.js', '"bytes.js" is not a text in UTF-8'],
    ['./large.js', '"large.js" is larger than 512 KiB'],
    ['./wrong.ts', /^wrong\.ts:2:3: /],
  ])('is told what is wrong with it: %s', async (specifier, message) => {
    const { folder, load } = await script({
      'lib/index.js': '',
      'bytes.js': Uint8Array.of(0xc3, 0x28),
      'large.js': 'x'.repeat(512 * 1024 + 1),
      'wrong.ts': '\na b',
    });
    await mkdir(join(folder, 'folder.js'));
    const loading = load(specifier);
    await expect(loading).rejects.toThrow(ScriptError);
    await expect(loading).rejects.toThrow(message);
  });

  it('is one of a hundred at most', async () => {
    const names = Array.from({ length: 100 }, (_, number) => `${number}.js`);
    const { load } = await script(Object.fromEntries(names.map((name) => [name, ''])));
    for (const name of names.slice(0, 99)) await load(`./${name}`);
    await load('./7.js');
    expect(await refusal(load('./99.js'))).toBe(
      'ScriptError: A script may have 100 modules, and no more; index.js imports it',
    );
  });
});

describe('a text', () => {
  it('is read anew each time, from the folder of the script', async () => {
    const { folder, sources } = await script({ 'a.json': '1', 'lib/b.csv': '2', 'c.txt': '3', 'd.funscript': '4' });
    const names = ['./a.json', 'lib/b.csv', './lib/../c.txt', 'd.funscript'];
    expect(await Promise.all(names.map((name) => sources.readText(name)))).toEqual(['1', '2', '3', '4']);
    await writeFile(join(folder, 'a.json'), 'other');
    expect(await sources.readText('./a.json')).toBe('other');
  });

  it.each([
    ['./none.txt', '"none.txt" is not there'],
    ['./index.js', '"./index.js" cannot be read: the names of such files end in .json, .txt, .csv, .funscript'],
    ['/a.txt', '"/a.txt" cannot be read: a script may read files in its own folder, such as "./data.json"'],
    ['../a.txt', '"../a.txt" cannot be read: a script may read files in its own folder, such as "./data.json"'],
    ['./large.txt', '"large.txt" is larger than 4096 KiB'],
  ])('is told what is wrong with it: %s', async (specifier, message) => {
    const { sources } = await script({ 'a.txt': '', 'large.txt': 'x'.repeat(4 * 1024 * 1024 + 1) });
    expect(await refusal(sources.readText(specifier))).toBe(`ScriptError: ${message}`);
  });

  it('is one of a hundred at most, whether there or not', async () => {
    const { sources } = await script({ 'a.txt': 'a' });
    for (let number = 0; number < 99; number++) await refusal(sources.readText(`./${number}.txt`));
    expect(await sources.readText('./a.txt')).toBe('a');
    expect(await refusal(sources.readText('./b.txt'))).toBe(
      'ScriptError: A script may read 100 different files, and no more',
    );
    expect(await sources.readText('./a.txt')).toBe('a');
  });
});

it('tells everything it has read or looked for, and where links led', async () => {
  const { folder, sources, load } = await script({ 'a.ts': '', 'real/b.js': '', 'c.txt': '' });
  await symlink('real/b.js', join(folder, 'b.js'));
  await load('./a.js');
  await load('./b.js');
  await sources.readText('./c.txt');
  await refusal(load('./later.js'));
  await refusal(load('../out.js'));
  const names = ['index.js', 'a.js', 'a.ts', 'b.js', 'real/b.js', 'c.txt', 'later.js', 'later.ts'];
  expect(sources.files).toEqual(new Set(names.map((name) => join(folder, name))));
});

/** A folder with a script, beside which is what it must not get. */
async function besideASecret(files: Files = {}) {
  const parent = await scriptFolder({ 'secret.js': SECRET, 'secret/index.js': SECRET, 'secret.json': '"the secret"' });
  const folder = join(parent, 'scene');
  await write(folder, { 'index.js': 'entry', 'lib/a.js': 'a', ...files });
  return { parent, ...(await started(folder)) };
}

describe('what is not in the folder of the script is refused', () => {
  const rule =
    'cannot be imported: a script may import files in its own folder, such as "./lib.js", and the modules whose names begin with "pulsegate:"';

  it.each([
    '../secret.js',
    './../secret.js',
    './lib/../../secret.js',
    '../scene/../secret.js',
    '../scene/index.js/../../secret.js',
    '..\\secret.js',
    './..\\secret.js',
    '.%2e/secret.js',
    './%2e%2e/secret.js',
    './lib%2fa.js',
    './lib/a.js?x',
    './lib/a.js#x',
    './lib/a.js\0.js',
    './lib/a.js:stream.js',
    './lib\n/a.js',
    '/etc/passwd',
    '//host/share/x.js',
    'file:///etc/passwd',
    'C:\\x.js',
    'node:fs',
    'fs',
    'chokidar',
    '@scope/name',
    '#internal',
    'pulsegate:unknown',
    'data:text/javascript,1',
    'https://example.org/x.js',
    '',
    '.',
    '..',
    `./${'x'.repeat(1000)}.js`,
  ])('%j', async (specifier) => {
    const { load } = await besideASecret();
    const message = await refusal(load(specifier));
    expect(message.startsWith('ScriptError: ') && message.endsWith(rule)).toBe(true);
  });

  it('whoever is said to import it', async () => {
    const { sources } = await besideASecret();
    for (const referrer of ['../x.js', 'lib/a.js', '/x.js', '', 'lib/../../x.js', '__proto__']) {
      expect(await refusal(sources.resolve('./secret.js', referrer))).toContain(rule);
    }
  });

  it('also through a link to a file or a folder', async () => {
    const { parent, folder, load, sources } = await besideASecret();
    await symlink(join(parent, 'secret.js'), join(folder, 'file.js'));
    await symlink('../secret.json', join(folder, 'data.json'));
    await symlink('../secret', join(folder, 'out'));
    await symlink('out', join(folder, 'twice'));
    for (const specifier of ['./file.js', './data.json', './out/index.js', './twice/index.js']) {
      const problem = "is a link to something outside the script's folder";
      expect(await refusal(load(specifier))).toBe(`ScriptError: "${specifier.slice(2)}" ${problem}`);
    }
    expect(await refusal(sources.readText('./data.json'))).toContain('is a link to something outside');
  });

  it('also as the entry', async () => {
    const { parent, folder } = await besideASecret();
    await rm(join(folder, 'index.js'));
    await symlink(join(parent, 'secret.js'), join(folder, 'index.js'));
    expect(await refusal(started(folder))).toBe(
      'ScriptError: "index.js" is a link to something outside the script\'s folder',
    );
  });

  it('but a link that stays inside is followed, and so is one to the folder itself', async () => {
    const { parent, folder, load } = await besideASecret();
    await symlink('lib/a.js', join(folder, 'file.js'));
    await symlink('lib', join(folder, 'in'));
    expect(await load('./file.js')).toBe('a');
    expect(await load('./in/a.js')).toBe('a');
    await symlink('scene', join(parent, 'linked'));
    expect(await (await started(join(parent, 'linked'))).load('./in/a.js')).toBe('a');
  });

  it('and what is no file is not waited for', async () => {
    const { folder, load, sources } = await besideASecret();
    namedPipe(join(folder, 'pipe.js'));
    namedPipe(join(folder, 'pipe.txt'));
    await symlink('/dev/zero', join(folder, 'zero.js'));
    await symlink('loop.js', join(folder, 'loop.js'));
    expect(await refusal(load('./pipe.js'))).toBe('ScriptError: "pipe.js" is not a file');
    expect(await refusal(sources.readText('./pipe.txt'))).toBe('ScriptError: "pipe.txt" is not a file');
    expect(await refusal(load('./zero.js'))).toContain('is a link to something outside');
    expect(await refusal(load('./loop.js'))).toBe('ScriptError: "loop.js" is a link that leads nowhere');
  });

  it('however quickly a link changes its target', async () => {
    const { parent, folder } = await besideASecret({ 'good/index.js': 'good', 'good.js': 'good' });
    let swapping = true;
    const swap = async (link: string, targets: readonly string[]) => {
      for (let round = 0; swapping; round++) {
        await symlink(targets[round % targets.length] ?? '', `${link}.next`);
        await rename(`${link}.next`, link);
      }
    };
    const swaps = [
      swap(join(folder, 'file.js'), ['good.js', join(parent, 'secret.js')]),
      swap(join(folder, 'way'), ['good', join(parent, 'secret')]),
    ];
    const seen = new Set<string>();
    for (let round = 0; round < 300; round++) {
      const { load } = await started(folder);
      const got = await Promise.allSettled([load('./file.js'), load('./way/index.js')]);
      for (const one of got) seen.add(one.status === 'fulfilled' ? one.value : one.reason.name);
    }
    swapping = false;
    await Promise.all(swaps);
    expect(seen).not.toContain(SECRET);
    expect(seen).toContain('good');
    expect([...seen].sort()).toEqual(['ScriptError', 'good']);
  });

  it('whatever the specifier', async () => {
    const { parent, folder } = await besideASecret({ 'scene/secret.js': 'inside' });
    await symlink('..', join(folder, 'up'));
    await symlink(parent, join(folder, 'lib', 'top'));
    await symlink('../secret.js', join(folder, 'secret.js'));
    await symlink('../../secret', join(folder, 'lib', 'secret'));
    const part = fc.constantFrom(
      ...['.', '..', 'up', 'lib', 'top', 'scene', 'secret', 'secret.js', 'secret.json', 'index.js', 'a.js', ''],
      ...['%2e%2e', '..\\', '\0', '~', basename(parent), 'file:', 'C:'],
    );
    const path = fc.array(part, { maxLength: 8 }).map((parts) => parts.join('/'));
    const start = fc.constantFrom('', './', '../', '/', '//', parent, `${parent}/`, 'file://', `file://${parent}/`);
    const specifier = fc.oneof(
      fc.tuple(start, path).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    );
    const referrer = fc.oneof(fc.constantFrom('index.js', 'lib/a.js'), specifier);
    await fc.assert(
      fc.asyncProperty(specifier, referrer, async (asked, from) => {
        const { sources, load } = await started(folder);
        await load('./lib/a.js');
        const all = [sources.resolve(asked, from), sources.readText(asked)];
        for (const got of await Promise.allSettled(all)) {
          if (got.status === 'rejected') expect(got.reason).toBeInstanceOf(ScriptError);
          else expect(JSON.stringify(got.value)).not.toContain('the secret');
        }
        for (const file of sources.files) expect(file.startsWith(`${folder}/`)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

it('leaves no file open', async () => {
  const { folder, load } = await script({ 'a.js': 'a', 'large.js': 'x'.repeat(600_000) });
  namedPipe(join(folder, 'pipe.js'));
  for (const specifier of ['./a.js', './large.js', './pipe.js', './none.js']) await load(specifier).catch(() => {});
  const open = await Promise.all(
    readdirSync('/proc/self/fd').map((fd) => realpath(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  expect(open.filter((path) => path.startsWith(folder))).toEqual([]);
});
