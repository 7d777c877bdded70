import { basename } from 'node:path';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { systemClock } from '../../clock.js';
import { quoted } from '../../config/issues.js';
import { ScriptError } from '../../errors.js';
import type { ScriptFile } from '../../scripting/files/folder.js';
import { ScriptSources } from '../../scripting/files/sources.js';
import { TypeStripper } from '../../scripting/files/strip-types.js';
import { forkHost } from '../../scripting/supervisor/host-process.js';
import { type FromHost, fromHost, type HostLimits, type Source, type ToHost } from '../../scripting/wire.js';
import { type Finding, importPlace } from './places.js';

export interface Compiled {
  /** What its author wrote into its first module; missing when that could not be read. */
  readonly text?: string;
  /** Every module that could be read, the entry first; types are blanked out. */
  readonly modules: readonly Source[];
  /** What keeps the gateway from running it. */
  readonly problem?: Finding;
}

const ID = 'check';
/** Longest time it may take, ms. */
const LIMIT_MS = 10_000;
/** Nothing of the script runs, so these are only large enough for whatever it consists of. */
const LIMITS: HostLimits = {
  memoryMb: 256,
  cpuMs: LIMIT_MS,
  wallMs: LIMIT_MS,
  messagesPerSecond: 200,
  logLinesPerSecond: 1,
};

const frame = Compile(Type.Object({ line: Type.String(), frame: Type.String() }));

/**
 * Compiles a script and everything it imports, without running anything of it, in a script host of its own. So the verdict is the
 * gateway's: the same engine, behind the same walls, gets the same modules by the same rules. When all are connected, the runtime
 * asks for the session that it needs before the script may begin. Nobody answers, and that is the end.
 */
export async function compileScript(file: ScriptFile): Promise<Compiled> {
  const stripper = new TypeStripper(systemClock);
  try {
    const sources = new ScriptSources(file.folder, file.entry, stripper);
    return await new Compilation(sources, basename(file.entry)).run();
  } finally {
    await stripper.close();
  }
}

class Compilation {
  readonly #modules = new Map<string, Source>();
  readonly #verdict = Promise.withResolvers<Finding | undefined>();

  constructor(
    private readonly sources: ScriptSources,
    private readonly entryPath: string,
  ) {}

  async run(): Promise<Compiled> {
    const text = await this.sources.entryText().catch((error: unknown) => this.#unreadable(error));
    if (text !== undefined) await this.#read(this.sources.entry(), (entry) => this.#askEngine(entry));
    const problem = await this.#verdict.promise;
    return { modules: [...this.#modules.values()], ...(text !== undefined && { text }), ...(problem && { problem }) };
  }

  #askEngine(entry: Source): void {
    const host = forkHost({
      said: (batch) => {
        if (Array.isArray(batch)) for (const message of batch) this.#hear(message, (answer) => host.post([answer]));
      },
      ended: (reason) => this.#found(`the script host is gone: ${reason}`),
    });
    const limit = systemClock.after(LIMIT_MS, () => this.#found(`compiling it takes longer than ${LIMIT_MS / 1000} s`));
    host.post([{ op: 'start', id: ID, name: ID, clientName: ID, entry, limits: LIMITS }]);
    const end = () => {
      limit.cancel();
      host.kill();
    };
    this.#verdict.promise.then(end, end);
  }

  #hear(message: unknown, answer: (answer: ToHost) => void): void {
    if (frame.Check(message)) this.#verdict.resolve(undefined);
    else if (!fromHost.Check(message)) return;
    else if (message.op === 'ended') this.#found(message.message ?? 'nobody knows why', this.#placeOf(message));
    else if (message.op === 'unavailable') {
      this.#found(`isolated-vm does not load here (${message.reason}); "npm rebuild isolated-vm" may help`);
    } else if (message.op === 'load') {
      const { id, request, specifier, referrer } = message;
      void this.#read(
        this.#resolve(specifier, referrer),
        (source) => answer({ op: 'module', id, request, source }),
        () => importPlace([this.#modules.get(referrer)], specifier) ?? referrer,
      );
    }
  }

  async #resolve(specifier: string, referrer: string): Promise<Source> {
    // The host knows those there are, and does not ask for them.
    if (specifier.startsWith('pulsegate:'))
      throw new ScriptError(`there is no module ${quoted(specifier)}; pulsegate-script.d.ts shows those there are`);
    return this.sources.resolve(specifier, referrer);
  }

  async #read(reading: Promise<Source>, then: (source: Source) => void, place?: () => string): Promise<void> {
    try {
      const source = await reading;
      this.#modules.set(source.path, source);
      then(source);
    } catch (error) {
      this.#unreadable(error, place?.());
    }
  }

  #unreadable(error: unknown, place?: string): undefined {
    if (error instanceof ScriptError) this.#found(error.message, place);
    else this.#verdict.reject(error);
  }

  /** The engine names no place where a module lacks what another imports from it. */
  #placeOf({ message = '', stack = [] }: Extract<FromHost, { op: 'ended' }>): string | undefined {
    const lacking = /^SyntaxError: The requested module '(.+)' does not provide/.exec(message)?.[1];
    return stack[0] ?? (lacking === undefined ? undefined : importPlace([...this.#modules.values()], lacking));
  }

  #found(message: string, place = this.entryPath): void {
    // What is wrong with a module's types is said with its own place.
    const [, own, sentence] = /^(.+?\.m?ts:\d+(?::\d+)?): (.*)$/s.exec(message) ?? [];
    this.#verdict.resolve({ place: own ?? place, sentence: sentence ?? message });
  }
}
