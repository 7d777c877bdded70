import { join, posix, relative, sep } from 'node:path';
import { quoted } from '../../config/issues.js';
import { describeError, ScriptError } from '../../errors.js';
import type { Source } from '../wire.js';
import { NotReadable, readOwnFile } from './own-file.js';
import type { TypeStripper } from './strip-types.js';

const MODULE_EXTENSIONS = ['.js', '.mjs', '.ts', '.mts', '.json'];
const TEXT_EXTENSIONS = ['.json', '.txt', '.csv', '.funscript'];
const MAX_MODULE_BYTES = 512 * 1024;
const MAX_TEXT_BYTES = 4 * 1024 * 1024;
const MAX_MODULES = 100;
/** Different files that a script may ask for the text of, whether they are there or not. */
const MAX_TEXTS = 100;
const MAX_SPECIFIER_LENGTH = 1_000;

const MAY_IMPORT =
  'a script may import files in its own folder, such as "./lib.js", and the modules whose names begin with "pulsegate:"';
const MAY_READ = 'a script may read files in its own folder, such as "./data.json"';

/**
 * Hands out the modules and texts of one run of a script: files in its own folder, and no others. What a path or a link
 * says does not count, but where the file really is.
 */
export class ScriptSources {
  readonly #files = new Set<string>();
  /** By the path that was asked for, so that a run sees each module as it was first read. */
  readonly #modules = new Map<string, Promise<Source>>();
  /** Paths that modules have been handed out under: only from there may something be imported. */
  readonly #handedOut = new Set<string>();
  readonly #texts = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param folder absolute path of the folder that everything has to be in
   * @param entryFile absolute path of the module that the script begins with
   */
  constructor(
    private readonly folder: string,
    private readonly entryFile: string,
    private readonly stripper: TypeStripper,
  ) {}

  /** Absolute path of everything read or looked for so far: a change of these files changes the script. */
  get files(): ReadonlySet<string> {
    return this.#files;
  }

  /**
   * The text that the script begins with, as its author wrote it.
   *
   * @throws ScriptError when it cannot be read
   */
  async entryText(): Promise<string> {
    const text = await this.#inTurn(() => this.#read(this.#entryPath, MAX_MODULE_BYTES));
    if (text === undefined) throw new ScriptError(`${quoted(this.#entryPath)} is not there`);
    return text;
  }

  /** @throws ScriptError when it cannot be read */
  async entry(): Promise<Source> {
    return this.#module(this.#entryPath, '');
  }

  /**
   * The module that the specifier means.
   *
   * @param referrer path, as in `Source`, of the module that imports it
   * @throws ScriptError when there is none, or the script may not have it
   */
  async resolve(specifier: string, referrer: string): Promise<Source> {
    const path = this.#handedOut.has(referrer) ? ownPath(posix.dirname(referrer), specifier) : undefined;
    if (path === undefined) throw new ScriptError(`${quoted(specifier)} cannot be imported: ${MAY_IMPORT}`);
    if (!MODULE_EXTENSIONS.includes(posix.extname(path)))
      throw new ScriptError(
        `${quoted(specifier)} cannot be imported: the names of modules end in ${MODULE_EXTENSIONS.join(', ')}`,
      );
    return this.#module(path, `; ${referrer} imports it`);
  }

  /**
   * The text of a file, named from the script's folder.
   *
   * @throws ScriptError when there is none, or the script may not have it
   */
  async readText(specifier: string): Promise<string> {
    // Unlike a module, a file has no other kind of name: `data.json` can only mean `./data.json`.
    const path = ownPath('.', /^\w/.test(specifier) ? `./${specifier}` : specifier);
    if (path === undefined) throw new ScriptError(`${quoted(specifier)} cannot be read: ${MAY_READ}`);
    if (!TEXT_EXTENSIONS.includes(posix.extname(path)))
      throw new ScriptError(
        `${quoted(specifier)} cannot be read: the names of such files end in ${TEXT_EXTENSIONS.join(', ')}`,
      );
    if (!this.#texts.has(path) && this.#texts.size >= MAX_TEXTS)
      throw new ScriptError(`A script may read ${MAX_TEXTS} different files, and no more`);
    this.#texts.add(path);
    const text = await this.#inTurn(() => this.#read(path, MAX_TEXT_BYTES));
    if (text === undefined) throw new ScriptError(`${quoted(path)} is not there`);
    return text;
  }

  get #entryPath(): string {
    return relative(this.folder, this.entryFile).replaceAll(sep, '/');
  }

  #module(path: string, importedBy: string): Promise<Source> {
    let module = this.#modules.get(path);
    if (module) return module;
    if (this.#modules.size >= MAX_MODULES)
      throw new ScriptError(`A script may have ${MAX_MODULES} modules, and no more${importedBy}`);
    module = this.#inTurn(() => this.#load(path, importedBy));
    this.#modules.set(path, module);
    return module;
  }

  async #load(asked: string, importedBy: string): Promise<Source> {
    for (const path of [asked, ...typescriptNames(asked)]) {
      const text = await this.#read(path, MAX_MODULE_BYTES);
      if (text === undefined) continue;
      const source = { path, text: await this.#asJavaScript(path, text) };
      this.#handedOut.add(path);
      return source;
    }
    throw new ScriptError(`${quoted(asked)} is not there${importedBy}`);
  }

  async #asJavaScript(path: string, text: string): Promise<string> {
    if (/\.m?ts$/.test(path)) return this.stripper.strip(text, path);
    return path.endsWith('.json') ? jsonModule(path, text) : text;
  }

  async #read(path: string, maxBytes: number): Promise<string | undefined> {
    this.#files.add(join(this.folder, path));
    try {
      const file = await readOwnFile(this.folder, join(this.folder, path), maxBytes);
      if (file) this.#files.add(join(this.folder, file.realPath));
      return file?.text;
    } catch (error) {
      if (error instanceof NotReadable) throw new ScriptError(`${quoted(path)} ${error.message}`, { cause: error });
      throw error;
    }
  }

  /** A script that asks for a thousand files at once has one of them in the gateway's memory at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

/** The path, seen from the script's folder, that a specifier means; undefined when it is not the script's own. */
function ownPath(from: string, specifier: string): string | undefined {
  if (specifier.length > MAX_SPECIFIER_LENGTH || !/^\.\.?\//.test(specifier)) return undefined;
  // What somebody may read as an escape, a query, a drive or another separator. File names without them are enough.
  if (/[\p{Cc}\\%?#:]/u.test(specifier)) return undefined;
  const path = posix.join(from, specifier);
  return path === '..' || path.startsWith('../') ? undefined : path;
}

/** TypeScript lets people import the `.js` that a file would become. */
const typescriptNames = (path: string) => (/\.m?js$/.test(path) ? [path.replace(/js$/, 'ts')] : []);

function jsonModule(path: string, text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ScriptError(`${quoted(path)} is not JSON: ${describeError(error)}`);
  }
  // As a string, and parsed in there: a text that is JSON may still mean something else as code.
  return `export default JSON.parse(${JSON.stringify(text)});\n`;
}
