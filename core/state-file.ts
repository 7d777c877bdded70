import { mkdirSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import writeFileAtomic from 'write-file-atomic';
import type { Clock } from './clock.js';
import { describeError } from './errors.js';
import type { Logger } from './logging/logger.js';
import { setAside } from './set-aside.js';

export interface StateFileOptions<T extends TSchema> {
  readonly path: string;
  /** For the log: `file of known devices`. */
  readonly what: string;
  readonly schema: T;
  readonly clock: Clock;
  readonly log: Logger;
  /** What it means when it cannot be read or written: `indexes may change`. */
  readonly otherwise?: string;
  /** Default: JSON. */
  readonly format?: { readonly parse: (text: string) => unknown; readonly stringify: (content: Static<T>) => string };
}

const JSON_FORMAT = {
  parse: (text: string): unknown => JSON.parse(text),
  stringify: (content: unknown) => `${JSON.stringify(content, null, 2)}\n`,
};

/** A file in which the gateway keeps what it has learned. It never fails: it says in the log what could not be done. */
export class StateFile<T extends TSchema> {
  #saving: Promise<void> = Promise.resolve();
  #isDirty = false;
  /** Why it could not be written last; said once. */
  #trouble: string | undefined;

  constructor(private readonly options: StateFileOptions<T>) {}

  /** Undefined: there is none, or nothing of use. A damaged one is moved aside, so that nothing in it is lost. */
  async load(): Promise<Static<T> | undefined> {
    const { path, what, schema, format = JSON_FORMAT, clock, log } = this.options;
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      log.warn({ err: error, file: path }, `the ${what} is not readable${this.#otherwise}`);
      return undefined;
    }
    try {
      const content: unknown = format.parse(text);
      const validator = Compile(schema);
      if (validator.Check(content)) return content;
      throw new Error('it does not have the form the gateway writes');
    } catch (error) {
      const aside = await setAside(path, `the damaged ${what}`, clock, log);
      const reason = describeError(error);
      log.warn({ file: aside }, `the ${what} is damaged (${reason}); it is kept aside and a new one begun`);
      return undefined;
    }
  }

  /** Writes soon, one time after the other, what `content` says by then. */
  save(content: () => Static<T>): void {
    if (this.#isDirty) return;
    this.#isDirty = true;
    const { path, format = JSON_FORMAT } = this.options;
    this.#saving = this.#saving.then(async () => {
      this.#isDirty = false;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFileAtomic(path, format.stringify(content()));
        this.#trouble = undefined;
      } catch (error) {
        this.#notWritten(error);
      }
    });
  }

  /** Also writes it before this returns, which holds up everything else: for what must not be lost when the process is killed. */
  saveAtOnce(content: () => Static<T>): void {
    const { path, format = JSON_FORMAT } = this.options;
    try {
      mkdirSync(dirname(path), { recursive: true });
      // What has to outlive the machine as well takes its time.
      writeFileAtomic.sync(path, format.stringify(content()), { fsync: false });
    } catch (error) {
      this.#notWritten(error);
    }
    this.save(content);
  }

  /** Resolves when everything is on disk. */
  saved(): Promise<void> {
    return this.#saving;
  }

  #notWritten(error: unknown): void {
    const { path, what, log } = this.options;
    const trouble = error instanceof Error && 'code' in error ? String(error.code) : describeError(error);
    const level = trouble === this.#trouble ? 'debug' : 'warn';
    this.#trouble = trouble;
    log[level]({ err: error, file: path }, `the ${what} could not be written${this.#otherwise}`);
  }

  get #otherwise(): string {
    const { otherwise } = this.options;
    return otherwise === undefined ? '' : `; ${otherwise}`;
  }
}
