import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, normalize, resolve, sep } from 'node:path';
import { listed } from '../../config/issues.js';
import { ScriptError } from '../../errors.js';
import type { ScriptFile } from '../../scripting/files/folder.js';

const EXTENSIONS = ['.js', '.mjs', '.ts', '.mts'];

/**
 * The script that a path on the command line means, wherever it is: a file, whose own folder is the one it lies in, or a folder
 * with an index file. Its label is the path as it was given, so that places in messages lead there.
 *
 * @throws ScriptError when there is none
 */
export async function scriptAt(given: string, cwd: string): Promise<ScriptFile> {
  const path = resolve(cwd, given);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new ScriptError(`${given}: there is no such file`);
  const file = found.isDirectory() ? join(given, await indexIn(path, given)) : given;
  if (!isScript(file)) throw new ScriptError(`${given}: the name of a script ends in ${listed(EXTENSIONS, 'or')}`);
  const entry = resolve(cwd, file);
  const folder = dirname(entry);
  const name = withoutExtension(entry) === 'index' ? basename(folder) : withoutExtension(entry);
  return { name, entry, folder, label: normalize(file).replaceAll(sep, '/') };
}

async function indexIn(folder: string, given: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const [index, ...others] = names.filter((name) => isScript(name) && withoutExtension(name) === 'index').sort();
  if (index === undefined) {
    const expected = EXTENSIONS.map((extension) => `index${extension}`);
    throw new ScriptError(`${given}: there is no script in this folder; it needs ${listed(expected, 'or')}`);
  }
  if (others.length > 0) {
    const all = listed([index, ...others], 'and');
    throw new ScriptError(`${given}: ${all} make the same name; rename or remove all but one`);
  }
  return index;
}

const isScript = (fileName: string) => EXTENSIONS.includes(extname(fileName)) && !/\.d\.m?ts$/.test(fileName);
const withoutExtension = (path: string) => basename(path, extname(path));
