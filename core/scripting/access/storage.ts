import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../../clock.js';
import { ScriptError } from '../../errors.js';
import type { Logger } from '../../logging/logger.js';
import { setAside } from '../../set-aside.js';
import { DamagedFile, isKey, isStorable, readValues, type StoredValues, sizeOf, writeValues } from './storage-file.js';

export interface StorageLimits {
  /** UTF-8 bytes of the JSON of all keys and values together. */
  readonly maxBytes: number;
  readonly maxKeys: number;
}

/**
 * What one script keeps, in a file of its own. Values are JSON all the way: taking them apart is for the script. A change is done when it is on disk, not earlier; changes that come while one is
 * being written go together into the next write, so a busy script costs one write at a time.
 */
export class ScriptStorage {
  /** With the changes that are on their way to the disk. */
  #values = new Map<string, string>();
  #onDisk: StoredValues = new Map();
  #usedBytes = 0;
  #loading: Promise<void> | undefined;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(
    private readonly path: string,
    private readonly limits: StorageLimits,
    private readonly log: Logger,
    private readonly clock: Clock,
  ) {}

  /** The value that was set last, on disk or on its way there; undefined when there is none. */
  async get(key: string): Promise<string | undefined> {
    await this.#loaded();
    return this.#values.get(key);
  }

  /** Resolves when the value is on disk. */
  async set(key: string, json: string): Promise<void> {
    if (!isKey(key)) throw new ScriptError(`A storage key has 1 to 200 characters, not ${key.length}`);
    if (!isStorable(json)) {
      throw new ScriptError(
        'Only JSON can be stored, no deeper than 100 levels: null, booleans, numbers, text, lists, objects',
      );
    }
    await this.#loaded();
    this.#makeRoom(key, json);
    this.#values.set(key, json);
    return this.#written();
  }

  async delete(key: string): Promise<void> {
    await this.#loaded();
    const json = this.#values.get(key);
    // It may be gone by a change that is not on disk yet.
    if (json === undefined) return this.#last();
    this.#usedBytes -= sizeOf(key, json);
    this.#values.delete(key);
    return this.#written();
  }

  async clear(): Promise<void> {
    await this.#loaded();
    if (this.#values.size === 0) return this.#last();
    this.#usedBytes = 0;
    this.#values.clear();
    return this.#written();
  }

  /** In the order of their characters. */
  async keys(): Promise<string[]> {
    await this.#loaded();
    return [...this.#values.keys()].sort();
  }

  /** Resolves when no change is under way any more, whatever became of it. */
  async flushed(): Promise<void> {
    const quietly = () => {};
    // Changes that came first may still wait for the file to be read.
    await this.#loading?.catch(quietly);
    for (let last = this.#last(); last; last = this.#last()) await last.catch(quietly);
  }

  #makeRoom(key: string, json: string): void {
    const before = this.#values.get(key);
    const more = sizeOf(key, json) - (before === undefined ? 0 : sizeOf(key, before));
    const { maxBytes, maxKeys } = this.limits;
    const isTooMuch = this.#usedBytes + more > maxBytes;
    if (isTooMuch || (before === undefined && this.#values.size >= maxKeys)) {
      throw new ScriptError(
        `The storage of this script has no room for ${isTooMuch ? `${more} more bytes` : 'another key'}: ` +
          `${this.#usedBytes} of ${maxBytes} bytes and ${this.#values.size} of ${maxKeys} keys are used; delete some first`,
      );
    }
    this.#usedBytes += more;
  }

  #loaded(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<void> {
    try {
      this.#adopt(await readValues(this.path, this.limits.maxBytes, this.limits.maxKeys));
    } catch (error) {
      if (error instanceof DamagedFile) return this.#setAside(error.message);
      // It may be readable later. To begin anew would replace what is there.
      this.#loading = undefined;
      this.log.warn({ err: error, file: this.path }, 'the storage of a script is not readable');
      throw new ScriptError(`What this script stored is not readable: ${shortly(error)}`, { cause: error });
    }
  }

  #adopt(values: StoredValues): void {
    this.#onDisk = values;
    this.#values = new Map(values);
    this.#usedBytes = [...values].reduce((sum, [key, json]) => sum + sizeOf(key, json), 0);
  }

  async #setAside(reason: string): Promise<void> {
    const aside = await setAside(this.path, 'the damaged storage of a script', this.clock, this.log);
    this.log.warn({ file: aside }, `the storage of a script is damaged (${reason}); it is kept aside and begun anew`);
  }

  /** The write that brings the newest change to the disk, if it is not there. */
  #last(): Promise<void> | undefined {
    return this.#next ?? this.#writing;
  }

  #written(): Promise<void> {
    this.#next ??= this.#writeAfter(this.#writing);
    return this.#next;
  }

  /** Fails when `previous` does: what would be written now was made on top of changes that are lost. */
  async #writeAfter(previous: Promise<void> | undefined): Promise<void> {
    await previous;
    this.#writing = this.#next;
    this.#next = undefined;
    const values = new Map(this.#values);
    try {
      await writeValues(this.path, values);
      this.#onDisk = values;
    } catch (error) {
      this.#adopt(this.#onDisk);
      this.#next = undefined;
      this.log.warn({ err: error, file: this.path }, 'the storage of a script could not be written');
      throw new ScriptError(`The change could not be stored: ${shortly(error)}`, { cause: error });
    } finally {
      this.#writing = undefined;
    }
  }
}

/** For a script: no paths of the gateway's machine. */
function shortly(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'the gateway has no permission for its file';
    default:
      return `the system failed${typeof code === 'string' ? ` with ${code}` : ''}; the log of the gateway says more`;
  }
}

/** Names of files may have 255 bytes on every system in use; some are for endings like that of a file moved aside. */
const MAX_NAME_LENGTH = 150;

/**
 * The file of the script with this name, which may be any text. Different names have different files, on file systems that
 * take upper and lower case for the same too; and none lies outside the directory.
 */
export function storageFile(directory: string, scriptName: string): string {
  const encoded = scriptName.replace(/[^a-z0-9_-]/g, encodeUnit);
  // Nothing is encoded as two percent signs, so a shortened name is not that of another script.
  const name =
    encoded.length <= MAX_NAME_LENGTH
      ? encoded
      : `${encoded.slice(0, 50)}%%${createHash('sha256').update(scriptName, 'utf16le').digest('hex')}`;
  // What stands in front keeps Windows from taking `con` or `nul` for a device.
  return join(directory, `script-${name}.json`);
}

/** Every unit of UTF-16 by itself: half a surrogate pair has no bytes in UTF-8, and would be the same as any other half. */
function encodeUnit(unit: string): string {
  const code = unit.charCodeAt(0);
  return code < 0x100 ? `%${code.toString(16).padStart(2, '0')}` : `%u${code.toString(16).padStart(4, '0')}`;
}
