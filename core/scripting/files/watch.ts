import { realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Clock, Timer } from '../../clock.js';
import { Changes } from './changes.js';
import { isHidden } from './folder.js';

export interface WatchOptions {
  readonly clock: Clock;
  /** Absolute paths of files and folders that came, went or changed; their first part is `directory` as it was given. */
  readonly onChange: (paths: ReadonlySet<string>) => void;
  /** Watching goes on as well as it can. */
  readonly onError: (error: unknown) => void;
}

export interface ScriptWatch {
  /** From here on no change is missed. What was there before is not told as a change. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** How often a look is taken whether the folder itself has come, gone or been replaced, ms. */
const LOOK_MS = 1_000;
/** How far down folders of a script are watched. */
const DEPTH = 5;

/** Watches the folder of the scripts, which need not be there yet. */
export function watchScripts(directory: string, options: WatchOptions): ScriptWatch {
  const watch = new FolderWatch(resolve(directory), options);
  return { ready: watch.look(), close: () => watch.close() };
}

/** The folder that is being watched, and its watcher. */
interface Watched {
  readonly identity: string;
  readonly watcher: FSWatcher;
}

class FolderWatch {
  readonly #changes: Changes;
  readonly #timer: Timer;
  #looking: Promise<void> = Promise.resolve();
  #watched: Watched | undefined;
  #first = true;
  #closed = false;
  readonly #closing = Promise.withResolvers<void>();

  constructor(
    private readonly directory: string,
    private readonly options: WatchOptions,
  ) {
    this.#changes = new Changes(options.clock, options.onChange);
    // A watcher is bound to one folder of the file system; that another one took its place, it cannot see.
    this.#timer = options.clock.every(LOOK_MS, () => this.look());
  }

  /** Starts and ends the watcher as the folder comes and goes. Never rejects. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look()).catch((error: unknown) => this.options.onError(error));
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#timer.cancel();
    this.#changes.close();
    this.#closing.resolve();
    this.#closed = true;
    await this.#looking;
    await this.#watched?.watcher.close();
  }

  async #look(): Promise<void> {
    const isFirst = this.#first;
    this.#first = false;
    const place = await placeOf(this.directory);
    if (this.#closed || place?.identity === this.#watched?.identity) return;
    if (this.#watched) {
      await this.#watched.watcher.close();
      this.#watched = undefined;
      this.#changes.note(this.directory);
    }
    if (place) await this.#watch(place, isFirst);
  }

  async #watch({ identity, path }: Place, isFirst: boolean): Promise<void> {
    // It costs start time, and a gateway without scripts needs none of it.
    const { watch } = await import('chokidar');
    if (this.#closed) return;
    const watcher = watch(path, {
      followSymlinks: false,
      depth: DEPTH,
      ignored: (inner) => relative(path, inner).split(sep).some(isHidden),
    });
    this.#watched = { identity, watcher };
    const tell = () => watcher.on('all', (_event, inner) => this.#note(path, inner));
    // All of a folder that appears later is new.
    if (!isFirst) tell();
    watcher.on('error', this.options.onError);
    const ready = new Promise<void>((resolve) => watcher.once('ready', resolve));
    await Promise.race([ready, this.#closing.promise]);
    if (isFirst) tell();
    // What came after a folder had been read and before it was watched, has not been told by name.
    else this.#changes.note(this.directory);
  }

  /** By the name of the folder that people gave. */
  #note(root: string, path: string): void {
    this.#changes.note(join(this.directory, relative(root, path)));
  }
}

interface Place {
  /** Different when it is another folder, even under the same name. */
  readonly identity: string;
  /** Without symbolic links: those are not followed. */
  readonly path: string;
}

async function placeOf(directory: string): Promise<Place | undefined> {
  try {
    const path = await realpath(directory);
    const { dev, ino, birthtimeNs } = await stat(path, { bigint: true });
    // Numbers of files are used again.
    return { identity: `${path} ${dev} ${ino} ${birthtimeNs}`, path };
  } catch {
    return undefined;
  }
}
