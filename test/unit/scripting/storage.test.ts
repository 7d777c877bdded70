import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { ScriptError } from '../../../core/errors.js';
import { ScriptStorage, type StorageLimits, storageFile } from '../../../core/scripting/access/storage.js';
import { DataFolder } from '../../support/data-folder.js';
import { FakeClock } from '../../support/fake-clock.js';

const ROOMY: StorageLimits = { maxBytes: 64 * 1024, maxKeys: 100 };

/** A folder with the storage of one script. `reopen` is what a gateway does that starts anew. */
class Store implements AsyncDisposable {
  readonly log: string[] = [];
  storage: ScriptStorage;

  private constructor(
    readonly folder: DataFolder,
    private readonly limits: StorageLimits,
  ) {
    this.storage = this.reopen();
  }

  static async create(limits = ROOMY): Promise<Store> {
    return new Store(await DataFolder.create(), limits);
  }

  get path(): string {
    return storageFile(join(this.folder.path, 'scripts'), 'morning');
  }

  reopen(limits = this.limits): ScriptStorage {
    const log = pino({}, { write: (line: string) => this.log.push(line) });
    this.storage = new ScriptStorage(this.path, limits, log, new FakeClock());
    return this.storage;
  }

  async write(text: string): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await writeFile(this.path, text);
  }

  /** Everything beside the file of values itself. */
  async leftovers(): Promise<string[]> {
    return (await readdir(dirname(this.path))).filter((name) => name !== basename(this.path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.storage.flushed();
    await this.folder[Symbol.asyncDispose]();
  }
}

/** Everything that is stored, as the script would see it. */
const all = async (storage: ScriptStorage): Promise<Map<string, unknown>> =>
  new Map(
    await Promise.all(
      (await storage.keys()).map(async (key) => [key, JSON.parse((await storage.get(key)) ?? '')] as const),
    ),
  );

describe('the storage of a script', () => {
  it('starts empty, without a file', async () => {
    await using store = await Store.create();
    expect(await store.storage.get('a')).toBeUndefined();
    expect(await store.storage.keys()).toEqual([]);
    await store.storage.delete('a');
    await store.storage.clear();
    expect(await store.folder.files()).toEqual([]);
    expect(store.log).toEqual([]);
  });

  it('keeps values over a restart, once set has resolved', async () => {
    await using store = await Store.create();
    await store.storage.set('text', '"née 💡"');
    await store.storage.set('nested', '{"list":[1,null,{"deep":true}]}');
    await store.storage.set('zero', '0');
    const again = store.reopen();
    expect(await again.get('text')).toBe('"née 💡"');
    expect(await again.get('nested')).toBe('{"list":[1,null,{"deep":true}]}');
    expect(await again.get('zero')).toBe('0');
    expect(await again.keys()).toEqual(['nested', 'text', 'zero']);
    await again.delete('text');
    expect(await store.reopen().keys()).toEqual(['nested', 'zero']);
    await store.storage.clear();
    expect(await store.reopen().keys()).toEqual([]);
  });

  it('reads what was set before, also while it is on its way to the disk', async () => {
    await using store = await Store.create();
    const [, read] = await Promise.all([store.storage.set('a', '1'), store.storage.get('a')]);
    expect(read).toBe('1');
  });

  it('takes names that mean something to JavaScript like any other', async () => {
    await using store = await Store.create();
    const names = ['__proto__', 'constructor', 'toString', '1', ' ', '\u0000', '\ud800'];
    for (const name of names) await store.storage.set(name, JSON.stringify({ polluted: name }));
    const again = store.reopen();
    for (const name of names) expect(await again.get(name)).toBe(JSON.stringify({ polluted: name }));
    expect(await again.get('hasOwnProperty')).toBeUndefined();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(await again.keys()).toHaveLength(names.length);
  });

  it.each(['', 'k'.repeat(201)])('refuses a key that is empty or too long', async (key) => {
    await using store = await Store.create();
    await expect(store.storage.set(key, '1')).rejects.toThrow(/1 to 200 characters/);
    await expect(store.storage.set(key, '1')).rejects.toBeInstanceOf(ScriptError);
    await store.storage.set('k'.repeat(200), '1');
  });

  it.each([
    ['nothing', ''],
    ['what is no JSON', '{a:1}'],
    ['two values', '1,"b":2'],
    ['a string without an end', '"[\\"'],
    ['a list that is too deep', '['.repeat(101) + ']'.repeat(101)],
    ['a list that is too deep behind a string with brackets', `["]]]\\"]]",${'['.repeat(100)}${']'.repeat(100)}]`],
    ['a list that nobody can walk', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('refuses %s', async (_what, value) => {
    await using store = await Store.create();
    await expect(store.storage.set('a', value)).rejects.toThrow(ScriptError);
    await store.storage.set('deep', `${'['.repeat(100)}"[[[\\\\"${']'.repeat(100)}`);
    expect(await store.reopen().keys()).toEqual(['deep']);
  });

  it('is readable by the user of the gateway alone', async () => {
    await using store = await Store.create();
    await store.write('{}');
    await chmod(store.path, 0o644);
    await store.storage.set('a', '1');
    // Windows has no such bits.
    if (process.platform !== 'win32') expect((await stat(store.path)).mode & 0o777).toBe(0o600);
    expect(await store.leftovers()).toEqual([]);
  });
});

describe('writing', () => {
  it('is shared by all changes that come at once', async () => {
    await using store = await Store.create();
    // Where there is no folder to write to, the log has a line for every write.
    await store.storage.keys();
    await writeFile(dirname(store.path), '');
    const keys = Array.from({ length: 50 }, (_, index) => `k${index}`);
    const settled = await Promise.allSettled(keys.map((key) => store.storage.set(key, '1')));
    expect(new Set(settled.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(store.log).toHaveLength(1);
  });

  it('takes what comes meanwhile along the next time', async () => {
    await using store = await Store.create();
    const changes: Promise<void>[] = [];
    for (let index = 0; index < 30; index += 1) {
      changes.push(store.storage.set(`k${index}`, `${index}`), store.storage.set('last', `${index}`));
      if (index % 3 === 0) changes.push(store.storage.delete(`k${index}`));
      // Lets a write begin, so that some changes come before, some during and some after one.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(changes);
    const values = await all(store.reopen());
    expect(values.size).toBe(21);
    expect(values.get('last')).toBe(29);
  });

  it('is waited for by who deletes what is just being deleted', async () => {
    await using store = await Store.create();
    await store.storage.set('a', '1');
    const first = store.storage.delete('a');
    await store.storage.delete('a');
    expect(readFileSync(store.path, 'utf8')).not.toContain('a');
    await first;
    await store.storage.set('a', '1');
    const second = store.storage.clear();
    await store.storage.clear();
    expect(readFileSync(store.path, 'utf8')).not.toContain('a');
    await second;
  });

  it('flushed waits for everything under way, also for what failed', async () => {
    await using store = await Store.create();
    const first = store.storage.set('a', '1');
    await store.storage.flushed();
    expect(JSON.parse(await readFile(store.path, 'utf8'))).toEqual({ a: 1 });
    await first;
    await rm(store.path);
    await mkdir(store.path);
    const failing = expect(store.storage.set('a', '2')).rejects.toThrow(ScriptError);
    await store.storage.flushed();
    await failing;
  });

  it('that fails is told, and leaves what is on disk', async () => {
    await using store = await Store.create();
    await store.storage.set('a', '1');
    await store.storage.set('b', '2');
    const before = await readFile(store.path);
    await rm(store.path);
    // No file can take the place of a folder.
    await mkdir(store.path);
    const changes = [store.storage.set('a', '3'), store.storage.delete('b'), store.storage.set('c', '4')];
    for (const change of changes) {
      const error: unknown = await change.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ScriptError);
      expect(String(error)).toContain('could not be stored');
      expect(String(error)).not.toContain(store.folder.path);
    }
    expect(await all(store.storage)).toEqual(new Map([['a', 1]]).set('b', 2));
    expect(await store.leftovers()).toEqual([]);
    await rmdir(store.path);
    await writeFile(store.path, before);
    await store.storage.set('c', '5');
    expect(await all(store.reopen())).toEqual(new Map([['a', 1]]).set('b', 2).set('c', 5));
  });

  it('that fails takes along what was waiting to be written on top of it', async () => {
    await using store = await Store.create();
    await store.storage.set('a', '1');
    await rm(store.path);
    await mkdir(store.path);
    const first = expect(store.storage.set('a', '2')).rejects.toThrow(ScriptError);
    await new Promise((resolve) => setImmediate(resolve));
    const second = expect(store.storage.set('b', '2')).rejects.toThrow(ScriptError);
    await Promise.all([first, second]);
    expect(store.log).toHaveLength(1);
    expect(await all(store.storage)).toEqual(new Map([['a', 1]]));
  });
});

describe('a file', () => {
  it.each([
    ['half of it', '{"a":'],
    ['no object', '[1, 2]'],
    ['nothing', ''],
    ['a key no script could use', `{"${'k'.repeat(201)}": 1}`],
    ['a value no script could store', `{"a": ${'['.repeat(200)}${']'.repeat(200)}}`],
    ['more than a script may store', `{"a": "${'x'.repeat(ROOMY.maxBytes + 400)}"}`],
  ])('that is damaged (%s) is kept aside, and the script begins anew', async (_what, text) => {
    await using store = await Store.create();
    await store.write(text);
    expect(await store.storage.keys()).toEqual([]);
    await store.storage.set('b', '1');
    const [aside = ''] = await store.leftovers();
    expect(aside).toMatch(/\.damaged-2026-01-01T/);
    expect(await readFile(join(dirname(store.path), aside), 'utf8')).toBe(text);
    expect(store.log.join()).toContain('kept aside');
    expect(await all(store.reopen())).toEqual(new Map([['b', 1]]));
  });

  it('that cannot be read is neither replaced nor fatal', async () => {
    await using store = await Store.create();
    await mkdir(store.path, { recursive: true });
    await expect(store.storage.set('a', '1')).rejects.toThrow(/not readable/);
    await expect(store.storage.get('a')).rejects.toThrow(ScriptError);
    await store.storage.flushed();
    await rmdir(store.path);
    await store.storage.set('a', '1');
    expect(await store.storage.get('a')).toBe('1');
  });

  it('that a person wrote by hand is read', async () => {
    await using store = await Store.create();
    await store.write('{\n  "a": 1,\n  "b": { "c": [ ] }\n}\n');
    expect(await all(store.storage)).toEqual(new Map<string, unknown>([['a', 1]]).set('b', { c: [] }));
  });
});

describe('the quota', () => {
  it('counts the bytes of key and value as JSON', async () => {
    // "ä" and "ö" with their quotes have 4 bytes each.
    await using store = await Store.create({ maxBytes: 8, maxKeys: 10 });
    await store.storage.set('ä', '"ö"');
    await expect(store.storage.set('ä', '"ööö"')).rejects.toThrow(
      'no room for 4 more bytes: 8 of 8 bytes and 1 of 10 keys are used',
    );
    await expect(store.storage.set('b', '1')).rejects.toThrow(ScriptError);
    expect(await store.storage.get('ä')).toBe('"ö"');
    await store.storage.set('ä', '1');
    await expect(store.storage.set('b', '1')).rejects.toThrow('no room for 4 more bytes: 5 of 8');
    await store.storage.delete('ä');
    await store.storage.set('b', '12345');
  });

  it('counts keys', async () => {
    await using store = await Store.create({ maxBytes: 1000, maxKeys: 2 });
    await store.storage.set('a', '1');
    await store.storage.set('b', '1');
    await expect(store.storage.set('c', '1')).rejects.toThrow('no room for another key');
    await store.storage.set('b', '2');
    await store.storage.delete('a');
    await store.storage.set('c', '1');
    expect(await store.storage.keys()).toEqual(['b', 'c']);
  });

  it('holds for changes that come at once', async () => {
    await using store = await Store.create({ maxBytes: 40, maxKeys: 100 });
    const keys = Array.from({ length: 30 }, (_, index) => String.fromCharCode(97 + index));
    const settled = await Promise.allSettled(keys.map((key) => store.storage.set(key, '1')));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await store.reopen().keys()).toHaveLength(10);
  });

  it('that was lowered below what is stored lets the script read and delete', async () => {
    await using store = await Store.create({ maxBytes: 1000, maxKeys: 10 });
    for (const key of ['a', 'b', 'c']) await store.storage.set(key, '1');
    const lowered = store.reopen({ maxBytes: 1000, maxKeys: 2 });
    expect(await lowered.keys()).toHaveLength(3);
    await expect(lowered.set('d', '1')).rejects.toThrow('3 of 2 keys');
    await lowered.delete('a');
    await lowered.delete('b');
    await lowered.set('d', '1');
  });

  const key = fc.oneof(
    fc.constantFrom('a', 'b', '__proto__'),
    fc.string({ minLength: 1, maxLength: 8, unit: 'binary' }),
  );
  const change = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('set' as const), key, value: fc.jsonValue({ maxDepth: 2 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  );

  it('is what the values that are there need, whatever happened before', async () => {
    const limits = { maxBytes: 120, maxKeys: 6 };
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 25 }), async (changes) => {
        await using store = await Store.create(limits);
        const model = new Map<string, string>();
        const used = (values: ReadonlyMap<string, string>) =>
          [...values].reduce((sum, [name, json]) => sum + Buffer.byteLength(JSON.stringify(name) + json), 0);
        for (const step of changes) {
          if (step.kind === 'reopen') store.reopen();
          else if (step.kind === 'clear') {
            await store.storage.clear();
            model.clear();
          } else if (step.kind === 'delete') {
            await store.storage.delete(step.key);
            model.delete(step.key);
          } else {
            const after = new Map(model).set(step.key, JSON.stringify(step.value));
            const fits = used(after) <= limits.maxBytes && after.size <= limits.maxKeys;
            const outcome = await store.storage.set(step.key, JSON.stringify(step.value)).then(
              () => true,
              (error: unknown) => !(error instanceof ScriptError),
            );
            expect(outcome).toBe(fits);
            if (fits) model.set(step.key, JSON.stringify(step.value));
          }
        }
        const found = await all(store.reopen());
        expect([...found].map(([name, value]) => [name, JSON.stringify(value)])).toEqual(
          [...model]
            .sort(([left], [right]) => (left < right ? -1 : 1))
            .map(([name, json]) => [name, JSON.stringify(JSON.parse(json))]),
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('the file of a script', () => {
  it('has a name that people recognise', () => {
    expect(storageFile('data', 'morning-walk_2')).toBe(join('data', 'script-morning-walk_2.json'));
    expect(storageFile('data', 'Walk.js')).toBe(join('data', 'script-%57alk%2ejs.json'));
  });

  const hostile = fc.oneof(
    fc.constantFrom(
      '',
      '.',
      '..',
      '../../etc/passwd',
      '/etc/passwd',
      'C:\\x',
      'con',
      'a\0b',
      '%2e',
      '\ud800',
      '\udfff',
    ),
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({ unit: fc.constantFrom('a', 'A', 'é', 'É', '.', '/', '%', 'ß', 'ẞ', '\ud800'), maxLength: 80 }),
  );

  it('lies in the folder, whatever the name of the script is', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const path = storageFile('/data/scripts', name);
        expect(dirname(path)).toBe(join('/data/scripts'));
        expect(basename(path)).toMatch(/^script-[a-z0-9_%-]*\.json$/);
        expect(basename(path).length).toBeLessThanOrEqual(170);
      }),
    );
  });

  it('is that of no other script, not even where upper and lower case are the same', () => {
    fc.assert(
      fc.property(hostile, hostile, (left, right) => {
        fc.pre(left !== right);
        const folded = [left, right].map((name) => storageFile('data', name).normalize('NFKC').toLowerCase());
        expect(folded[0]).not.toBe(folded[1]);
      }),
    );
    expect(storageFile('data', 'a')).not.toBe(storageFile('data', 'A'));
    expect(storageFile('data', 'x'.repeat(500))).not.toBe(storageFile('data', `${'x'.repeat(499)}y`));
  });
});

describe('a process that ends at once', () => {
  /** Processes start slowly on a busy machine. */
  const options = { timeout: 60_000 };
  const source = (path: string) => JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);
  const PROLOGUE = `
    import { pino } from ${JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve('pino')).href)};
    import { ScriptStorage } from ${source('core/scripting/access/storage.ts')};
    import { systemClock } from ${source('core/clock.ts')};
    const [path] = process.argv.slice(2);
    const limits = { maxBytes: 1e6, maxKeys: 1e5 };
    const storage = new ScriptStorage(path, limits, pino({ level: 'silent' }), systemClock);
    const say = (text) => process.stdout.write(text + '\\n');
  `;

  /** A program with `storage` and `say` at hand; `shell` is what runs before it in the same process. */
  async function run(store: Store, body: string, onLine: (line: string, child: ChildProcess) => void, shell = 'true') {
    const program = join(store.folder.path, 'program.mjs');
    await writeFile(program, PROLOGUE + body);
    const child = spawn(
      'sh',
      ['-c', `${shell} && exec "$0" "$@"`, process.execPath, '--import', 'tsx', program, store.path],
      {
        cwd: fileURLToPath(new URL('../../../', import.meta.url)),
        env: { ...process.env, TSX_DISABLE_CACHE: '1', NODE_OPTIONS: '' },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      const lines: string[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line);
        onLine(line, child);
      });
      await new Promise((resolve) => child.once('close', resolve));
      return lines;
    } finally {
      child.kill('SIGKILL');
    }
  }

  it.skipIf(process.platform === 'win32')('loses nothing that set has resolved for', options, async () => {
    await using store = await Store.create({ maxBytes: 1e6, maxKeys: 1e5 });
    for (const round of [1, 2, 3]) {
      const finished = await run(
        store,
        `for (let n = 0; ; n += 1) {
           const key = '${round}-' + n;
           void storage.set('unfinished', JSON.stringify(n));
           await storage.set(key, JSON.stringify({ n }));
           say(key);
         }`,
        (line, child) => {
          if (line === `${round}-${20 * round}`) child.kill('SIGKILL');
        },
      );
      expect(finished.length).toBeGreaterThan(20 * round);
      const values = await all(store.reopen());
      for (const key of finished) expect(values.get(key)).toEqual({ n: Number(key.split('-')[1]) });
      expect(store.log).toEqual([]);
    }
  });

  it.skipIf(process.platform === 'win32')(
    'keeps the old values where a disk takes the beginning of the new ones only',
    options,
    async () => {
      await using store = await Store.create({ maxBytes: 1e6, maxKeys: 1e5 });
      const lines = await run(
        store,
        `process.on('SIGXFSZ', () => {});
       await storage.set('a', '1');
       await storage.set('a', JSON.stringify('x'.repeat(500000))).then(() => say('stored'), (error) => say(error.code));
       say(await storage.get('a'));`,
        () => {},
        // A file may grow to 32 or 64 KiB.
        'ulimit -f 64',
      );
      expect(lines).toEqual(['GW_SCRIPT', '1']);
      expect(await all(store.reopen())).toEqual(new Map([['a', 1]]));
      expect(await store.leftovers()).toEqual([]);
    },
  );
});
