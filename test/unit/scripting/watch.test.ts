import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../../core/clock.js';
import { Changes } from '../../../core/scripting/files/changes.js';
import { watchScripts } from '../../../core/scripting/files/watch.js';
import { FakeClock } from '../../support/fake-clock.js';
import { PATIENCE_MS } from '../../support/timing.js';
import { scriptFolder, write } from './script-folder.js';

class Watching {
  readonly calls: ReadonlySet<string>[] = [];
  readonly errors: unknown[] = [];
  readonly #watch;

  /** In real time, unless somebody has another clock: the file system has no other one either. */
  constructor(directory: string, clock: Clock = systemClock) {
    this.#watch = watchScripts(directory, {
      clock,
      onChange: (paths) => this.calls.push(paths),
      onError: (error) => this.errors.push(error),
    });
    onTestFinished(() => this.#watch.close());
  }

  static async of(directory: string, clock?: Clock): Promise<Watching> {
    const watching = new Watching(directory, clock);
    await watching.ready;
    return watching;
  }

  get ready() {
    return this.#watch.ready;
  }

  close() {
    return this.#watch.close();
  }

  /** Waits until these have been told, and forgets what has been told. */
  async told(...paths: readonly string[]): Promise<Set<string>> {
    const missing = () => paths.filter((path) => !this.calls.some((call) => call.has(path)));
    await expect.poll(missing, { timeout: PATIENCE_MS }).toEqual([]);
    return new Set(this.calls.splice(0).flatMap((call) => [...call]));
  }
}

/** Tells when something is about to be told. */
class ListeningClock extends FakeClock {
  heard = 0;

  override after(delayMs: number, task: () => void) {
    this.heard += 1;
    return super.after(delayMs, task);
  }
}

describe('the folder of the scripts', () => {
  it('tells what is written, changed and removed', async () => {
    const folder = await scriptFolder({ 'a.js': '1', 'b.js': '1', 'scene/index.js': '1', 'scene/lib/x.js': '1' });
    const watching = await Watching.of(folder);
    expect(watching.calls).toEqual([]);
    await writeFile(join(folder, 'a.js'), '22');
    await watching.told(join(folder, 'a.js'));
    await rm(join(folder, 'b.js'));
    await watching.told(join(folder, 'b.js'));
    await writeFile(join(folder, 'scene/lib/x.js'), '22');
    await watching.told(join(folder, 'scene/lib/x.js'));
    await write(folder, { 'new/index.js': '' });
    await watching.told(join(folder, 'new'));
    await write(folder, { 'new/lib.json': '' });
    await watching.told(join(folder, 'new/lib.json'));
    expect(watching.errors).toEqual([]);
  });

  it('tells what editors save by renaming, every time', async () => {
    const folder = await scriptFolder({ 'a.js': '0' });
    const watching = await Watching.of(folder);
    for (const round of ['1', '22', '333']) {
      await writeFile(join(folder, `.a.js.${round}`), round);
      await rename(join(folder, `.a.js.${round}`), join(folder, 'a.js'));
      expect(await watching.told(join(folder, 'a.js'))).toEqual(new Set([join(folder, 'a.js')]));
    }
  });

  it('says nothing of hidden files, packages and what links lead to', async () => {
    const outside = await scriptFolder({ 'x.js': '' });
    const folder = await scriptFolder({ '.git/x': '', 'node_modules/x/index.js': '', 'scene/.cache/x': '' });
    await symlink(outside, join(folder, 'link'));
    const watching = await Watching.of(folder);
    await write(folder, { '.git/x': '1', '.x.js': '', 'node_modules/x/index.js': '1', 'scene/.cache/x': '1' });
    await write(outside, { 'x.js': '1' });
    await write(folder, { 'last.js': '' });
    expect(await watching.told(join(folder, 'last.js'))).toEqual(new Set([join(folder, 'last.js')]));
  });

  it('may lie in a hidden folder, and be a link itself; paths are told as it was named', async () => {
    const folder = await scriptFolder({ '.config/real/a.js': '' });
    await symlink('.config/real', join(folder, 'link'));
    const watching = await Watching.of(join(folder, 'link'));
    await write(folder, { '.config/real/a.js': '1' });
    expect(await watching.told(join(folder, 'link', 'a.js'))).toEqual(new Set([join(folder, 'link', 'a.js')]));
  });

  it('may appear later, go, and come back', async () => {
    const folder = join(await scriptFolder(), 'deep', 'scripts');
    const watching = await Watching.of(folder);
    await write(folder, { 'a.js': '', 'b.js': '' });
    await watching.told(join(folder, 'a.js'), join(folder, 'b.js'), folder);
    await rm(folder, { recursive: true });
    await watching.told(folder);
    await write(folder, { 'c.js': '' });
    await watching.told(join(folder, 'c.js'));
    expect(watching.errors).toEqual([]);
  });

  it('may be replaced by another one of the same name', async () => {
    const parent = await scriptFolder({ 'scripts/a.js': '', 'next/b.js': '' });
    const folder = join(parent, 'scripts');
    const watching = await Watching.of(folder);
    await rename(folder, join(parent, 'old'));
    await rename(join(parent, 'next'), folder);
    await watching.told(folder, join(folder, 'b.js'));
    await write(folder, { 'c.js': '' });
    await watching.told(join(folder, 'c.js'));
    expect(watching.errors).toEqual([]);
  });

  it('tells many files at once in one call', async () => {
    const folder = await scriptFolder();
    const clock = new ListeningClock();
    const watching = await Watching.of(folder, clock);
    const names = Array.from({ length: 50 }, (_, number) => `${number}.js`);
    await Promise.all(names.map((name) => write(folder, { [name]: '' })));
    await expect.poll(() => clock.heard, { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(names.length);
    await clock.advance(150);
    expect(watching.calls.map((paths) => paths.size > 1)).toEqual([true]);
    const left = async () => {
      await clock.advance(150);
      const told = new Set(watching.calls.flatMap((paths) => [...paths]));
      return names.filter((name) => !told.has(join(folder, name)));
    };
    await expect.poll(left, { timeout: PATIENCE_MS }).toEqual([]);
  });

  it('says nothing any more once closed, however early that is', async () => {
    const folder = await scriptFolder();
    const clock = new ListeningClock();
    const watching = await Watching.of(folder, clock);
    await write(folder, { 'a.js': '' });
    await expect.poll(() => clock.heard, { timeout: PATIENCE_MS }).toBeGreaterThan(0);
    await watching.close();
    const early = new Watching(folder, clock);
    await early.close();
    await early.ready;
    await clock.advance(5000);
    expect([...watching.calls, ...early.calls]).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});

describe('changes', () => {
  const gather = () => {
    const clock = new FakeClock();
    const calls: string[][] = [];
    return { clock, calls, changes: new Changes(clock, (paths) => calls.push([...paths])) };
  };

  it('are told together, once nothing has been written for a while', async () => {
    const { clock, calls, changes } = gather();
    changes.note('a');
    await clock.advance(149);
    changes.note('b');
    changes.note('a');
    await clock.advance(149);
    expect(calls).toEqual([]);
    await clock.advance(1);
    expect(calls).toEqual([['a', 'b']]);
    changes.note('a');
    await clock.advance(150);
    expect(calls).toEqual([['a', 'b'], ['a']]);
  });

  it('are told in the end, also when something is written all the time', async () => {
    const { clock, calls, changes } = gather();
    for (let ms = 0; ms < 2100; ms += 100) {
      changes.note('log.txt');
      await clock.advance(100);
    }
    expect(calls).toEqual([['log.txt']]);
  });
});
