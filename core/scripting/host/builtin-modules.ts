import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Modules that a script may import by name. */
const PUBLIC: Readonly<Record<string, string>> = {
  'pulsegate:patterns': 'patterns.js',
  'pulsegate:funscript': 'funscript.js',
};

/** What the runtime's own modules may import besides each other. */
const CRON = 'pulsegate:cron';

/** The gateway's own modules for the inside of a sandbox: their text, by file. */
export class BuiltinModules {
  readonly #texts = new Map<string, string>();

  /**
   * @param folder the compiled modules of core/scripting/sandbox
   * @param cronFile the cron library's ES module
   */
  constructor(folder: string, cronFile: string) {
    for (const file of readdirSync(folder)) {
      if (file.endsWith('.js')) this.#texts.set(file, withoutMap(readFileSync(join(folder, file), 'utf8')));
    }
    this.#texts.set(CRON, withoutMap(readFileSync(cronFile, 'utf8')));
  }

  /** The file a script means; undefined when scripts may not import it. */
  forScript(specifier: string): string | undefined {
    return Object.hasOwn(PUBLIC, specifier) ? PUBLIC[specifier] : undefined;
  }

  /** The file one of the gateway's own modules means. */
  forBuiltin(specifier: string): string {
    return specifier === CRON ? CRON : specifier.replace(/^\.\//, '');
  }

  text(file: string): string {
    const text = this.#texts.get(file);
    if (text === undefined) throw new Error(`The sandbox has no module ${file}; build the project first`);
    return text;
  }

  get publicNames(): readonly string[] {
    return Object.keys(PUBLIC);
  }
}

/** A source map is of no use in there, and looking for it would be noise. */
const withoutMap = (text: string) => text.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n');
