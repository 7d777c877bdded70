import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ScriptError } from '../../../core/errors.js';
import { scanScripts } from '../../../core/scripting/files/folder.js';
import { namedPipe, scriptFolder } from './script-folder.js';

const labels = async (folder: string) => (await scanScripts(folder)).map(({ label }) => label);
const problems = async (folder: string) =>
  Object.fromEntries((await scanScripts(folder)).map(({ label, problem }) => [label, problem]));

describe('a script', () => {
  it('is a file, or a folder with an index file', async () => {
    const folder = await scriptFolder({ 'edge-timer.js': '', 'scene/index.ts': '', 'scene/lib/index.js': '' });
    expect(await scanScripts(folder)).toEqual([
      { name: 'edge-timer', entry: join(folder, 'edge-timer.js'), folder, label: 'edge-timer.js' },
      {
        name: 'scene',
        entry: join(folder, 'scene', 'index.ts'),
        folder: join(folder, 'scene'),
        label: 'scene/index.ts',
      },
    ]);
  });

  it('is JavaScript or TypeScript, and nothing else', async () => {
    const names = ['a.js', 'b.mjs', 'c.ts', 'd.mts', 'e/index.mjs', 'f/index.mts'];
    const others = [
      'g.cjs',
      'h.json',
      'i.d.ts',
      'j.d.mts',
      'k',
      'README.md',
      'l/main.js',
      'm/index.json',
      'n/index.d.ts',
    ];
    const hidden = ['_lib.js', '.x.js', '_shared/index.js', '.git/index.js', 'node_modules/index.js', 'e/.index.js'];
    const folder = await scriptFolder(Object.fromEntries([...names, ...others, ...hidden].map((name) => [name, ''])));
    expect(await labels(folder)).toEqual(names);
  });

  it('may have a name with dots, blanks and dashes', async () => {
    const folder = await scriptFolder({ 'Edge Timer_2.0-b.js': '' });
    expect(await scanScripts(folder)).toMatchObject([{ name: 'Edge Timer_2.0-b' }]);
    expect(await problems(folder)).toEqual({ 'Edge Timer_2.0-b.js': undefined });
  });
});

it('there are none in a folder that is not there', async () => {
  expect(await scanScripts(join(await scriptFolder(), 'no', 'where'))).toEqual([]);
});

it('a file in place of the folder is told', async () => {
  const folder = await scriptFolder({ scripts: '' });
  const scan = scanScripts(join(folder, 'scripts'));
  await expect(scan).rejects.toThrow(ScriptError);
  await expect(scan).rejects.toThrow(/^The folder of the scripts, ".*scripts", cannot be read: it is a file$/);
});

describe('a script that cannot run is listed with the reason', () => {
  it.each([' x.js', '-x.js', 'bücher.js', 'a$.js', `${'x'.repeat(65)}.js`, 'a\nb.js'])(
    'for its name: %j',
    async (name) => {
      const folder = await scriptFolder({ [name]: '' });
      expect((await problems(folder))[name]).toMatch(
        /^a script cannot be called ".*": a name begins with a letter or digit/,
      );
    },
  );

  it('for a name that another one has, in whatever case', async () => {
    const folder = await scriptFolder({ 'a.js': '', 'A.ts': '', 'b/index.js': '', 'b/index.ts': '', 'c.js': '' });
    const twice = '"A.ts" and "a.js" make the same name; rename or remove all but one';
    const index = '"b/index.js" and "b/index.ts" make the same name; rename or remove all but one';
    expect(await problems(folder)).toEqual({
      'A.ts': twice,
      'a.js': twice,
      'b/index.js': index,
      'b/index.ts': index,
      'c.js': undefined,
    });
  });

  it('for a link that leaves its folder', async () => {
    const outside = await scriptFolder({ 'x.js': '', 'index.js': '' });
    const folder = await scriptFolder({ 'lib/y.js': '', 'ok.js': '' });
    await mkdir(join(folder, 'scene'));
    await symlink(join(outside, 'x.js'), join(folder, 'file.js'));
    await symlink(outside, join(folder, 'linked'));
    await symlink('../lib/y.js', join(folder, 'scene', 'index.js'));
    await symlink('lib/y.js', join(folder, 'inside.js'));
    const problem = 'this is a link to something outside its folder';
    expect(await problems(folder)).toEqual({
      'file.js': problem,
      'linked/index.js': problem,
      'scene/index.js': problem,
      'inside.js': undefined,
      'ok.js': undefined,
    });
  });

  it('for a link that leads nowhere, and for what is no file', async () => {
    const folder = await scriptFolder();
    await symlink('nowhere.js', join(folder, 'a.js'));
    namedPipe(join(folder, 'b.js'));
    const problem = 'this is not a file that can be read';
    expect(await problems(folder)).toEqual({ 'a.js': problem, 'b.js': problem });
  });
});

it('a folder that is a link itself has its scripts', async () => {
  const folder = await scriptFolder({ 'real/a.js': '', 'real/b/index.js': '' });
  const link = join(folder, 'link');
  await symlink('real', link);
  expect(await scanScripts(link)).toMatchObject([{ entry: join(link, 'a.js') }, { folder: join(link, 'b') }]);
  expect(Object.values(await problems(link))).toEqual([undefined, undefined]);
});

it('what comes and goes while it is read is no mistake', async () => {
  const folder = await scriptFolder();
  const churn = async () => {
    for (let round = 0; round < 50; round++) {
      await mkdir(join(folder, 'x'));
      await writeFile(join(folder, 'x', 'index.js'), '');
      await rm(join(folder, 'x'), { recursive: true });
    }
  };
  const look = async () => {
    for (let round = 0; round < 50; round++) expect((await scanScripts(folder)).length).toBeLessThan(2);
  };
  await Promise.all([churn(), look()]);
});
