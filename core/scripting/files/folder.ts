import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';
import { listed, quoted } from '../../config/issues.js';
import { ScriptError } from '../../errors.js';
import { isInside } from './paths.js';

/** A script as its file tells, before anything of it has been read. */
export interface ScriptFile {
  /** By which people and the configuration know it. */
  readonly name: string;
  /** Absolute path of the module that is run. */
  readonly entry: string;
  /** Absolute path of the folder that its imports may come from. */
  readonly folder: string;
  /** Path for people, from the folder of the scripts: `edge-timer.js`, `scene/index.ts`. */
  readonly label: string;
  /** Why it cannot run. */
  readonly problem?: string;
}

const EXTENSIONS = ['.js', '.mjs', '.ts', '.mts'];
const NAME = /^[A-Za-z0-9][A-Za-z0-9._ -]{0,63}$/;

/** What of a folder is never a script, nor worth watching. */
export const isHidden = (name: string) => name.startsWith('.') || name === 'node_modules';

/**
 * The scripts there are, by name: files, and folders with an index file. A folder that is not there has none.
 *
 * @throws ScriptError when the folder cannot be read
 */
export async function scanScripts(directory: string): Promise<ScriptFile[]> {
  const root = resolve(directory);
  const names = await namesIn(root);
  const found = await Promise.all(names.map((name) => scriptsAt(root, name)));
  return withoutDoubles(found.flat()).sort((a, b) => (a.label < b.label ? -1 : 1));
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return [];
    const reason = code === 'ENOTDIR' ? 'it is a file' : String(code);
    throw new ScriptError(`The folder of the scripts, ${quoted(directory)}, cannot be read: ${reason}`, {
      cause: error,
    });
  }
}

async function scriptsAt(root: string, fileName: string): Promise<ScriptFile[]> {
  if (isHidden(fileName) || fileName.startsWith('_')) return [];
  const path = join(root, fileName);
  if ((await kindOf(path)) !== 'folder') return isScript(fileName) ? [await script(root, root, path)] : [];
  // A folder that cannot be read, or is gone again, is no script.
  const inside = await readdir(path).catch(() => []);
  const entries = inside.filter((name) => isScript(name) && withoutExtension(name) === 'index');
  return Promise.all(entries.map((name) => script(root, path, join(path, name))));
}

async function script(root: string, folder: string, entry: string): Promise<ScriptFile> {
  const label = relative(root, entry).replaceAll(sep, '/');
  const name = folder === root ? withoutExtension(label) : relative(root, folder);
  const problem = NAME.test(name) ? await problemOf(root, folder, entry) : badName(name);
  return { name, entry, folder, label, ...(problem === undefined ? {} : { problem }) };
}

async function problemOf(root: string, folder: string, entry: string): Promise<string | undefined> {
  if ((await kindOf(entry)) !== 'file') return 'this is not a file that can be read';
  try {
    const [realRoot, realFolder, realEntry] = await Promise.all([realpath(root), realpath(folder), realpath(entry)]);
    const stays = (folder === root || isInside(realRoot, realFolder)) && isInside(realFolder, realEntry);
    return stays ? undefined : 'this is a link to something outside its folder';
  } catch {
    return 'this is not a file that can be read';
  }
}

const badName = (name: string) =>
  `a script cannot be called ${quoted(name)}: a name begins with a letter or digit, goes on with letters, digits, dots, blanks, "_" and "-", and has 64 characters at most`;

/** No file system and no person has to tell `Edge` from `edge`. */
function withoutDoubles(scripts: readonly ScriptFile[]): ScriptFile[] {
  const byName = Map.groupBy(scripts, ({ name }) => name.toLowerCase());
  return scripts.map((one) => {
    const alike = byName.get(one.name.toLowerCase()) ?? [];
    if (alike.length < 2 || one.problem !== undefined) return one;
    const labels = listed(alike.map(({ label }) => quoted(label)).sort(), 'and');
    return { ...one, problem: `${labels} make the same name; rename or remove all but one` };
  });
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'other'> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : 'other';
  } catch {
    return 'other';
  }
}

const isScript = (fileName: string) => EXTENSIONS.includes(extname(fileName)) && !/\.d\.m?ts$/.test(fileName);
const withoutExtension = (fileName: string) => fileName.slice(0, -extname(fileName).length);
