import type ivm from 'isolated-vm';
import type { Source } from '../wire.js';
import type { BuiltinModules } from './builtin-modules.js';
import { SCRIPT_SCHEME } from './failure.js';

/** Fetches a module of the script's own, or rejects with the reason why it may not have it. */
export type LoadModule = (specifier: string, referrer: string) => Promise<Source>;

/** Where a module came from: the gateway's own, or the script's. */
type Origin = { readonly builtin: string } | { readonly script: string };

/**
 * Stands at the end of every module that may import one with an `await` at its top level. Such a module would run inside the engine
 * when the other has finished waiting, and the engine of Node.js 24 crashes, with the whole process, when the code has to be ended
 * there (by a limit, or by its own `script.exit()`). One that awaits something itself runs like any other code.
 */
export const AWAITS = '\n;await undefined;';

/** Compiles the modules of one isolate, each once, and connects them with each other. */
export class Linker {
  readonly #modules = new Map<string, Promise<ivm.Module>>();
  readonly #origins = new Map<ivm.Module, Origin>();

  constructor(
    private readonly isolate: ivm.Isolate,
    private readonly context: ivm.Context,
    private readonly builtins: BuiltinModules,
    private readonly load: LoadModule,
  ) {}

  builtin(file: string): Promise<ivm.Module> {
    return this.#once(`pulsegate:${file}`, () => {
      const filename = `pulsegate:${file}`;
      return this.#compile(this.builtins.text(file), filename, { builtin: file });
    });
  }

  script(source: Source): Promise<ivm.Module> {
    const filename = `${SCRIPT_SCHEME}${source.path}`;
    return this.#once(filename, async () => {
      try {
        return await this.#compile(source.text + AWAITS, filename, { script: source.path });
      } catch (error) {
        // A mistake is told as it is in the script's own text.
        await this.isolate.compileModule(source.text, { filename });
        throw error;
      }
    });
  }

  /** A module of the host's own making, between the script's and the gateway's. */
  async glue(text: string, dependencies: ReadonlyMap<string, ivm.Module>): Promise<ivm.Module> {
    const module = await this.isolate.compileModule(text, { filename: 'pulsegate:main' });
    await module.instantiate(
      this.context,
      (specifier, referrer) => dependencies.get(specifier) ?? this.#resolve(specifier, referrer),
    );
    return module;
  }

  async instantiate(module: ivm.Module): Promise<void> {
    await module.instantiate(this.context, (specifier, referrer) => this.#resolve(specifier, referrer));
  }

  async #resolve(specifier: string, referrer: ivm.Module): Promise<ivm.Module> {
    const origin = this.#origins.get(referrer);
    if (!origin) throw new Error(`Nobody knows who imports ${specifier}`);
    if ('builtin' in origin) return this.builtin(this.builtins.forBuiltin(specifier));
    const known = this.builtins.forScript(specifier);
    if (known !== undefined) return this.builtin(known);
    return this.script(await this.load(specifier, origin.script));
  }

  #once(key: string, compile: () => Promise<ivm.Module>): Promise<ivm.Module> {
    let module = this.#modules.get(key);
    if (!module) {
      module = compile();
      this.#modules.set(key, module);
    }
    return module;
  }

  async #compile(text: string, filename: string, origin: Origin): Promise<ivm.Module> {
    const module = await this.isolate.compileModule(text, { filename });
    this.#origins.set(module, origin);
    return module;
  }
}
