import type { Clock } from '../clock.js';
import type { Config } from '../config/schema.js';
import { ScriptError } from '../errors.js';
import type { IpcDoor } from '../ipc.js';
import type { Logger } from '../logging/logger.js';
import type { MqttDoor } from '../mqtt/door.js';
import { type ScriptFile, scanScripts } from './files/folder.js';
import { TypeStripper } from './files/strip-types.js';
import { type ScriptWatch, watchScripts } from './files/watch.js';
import { Script, type ScriptEnvironment, type ScriptStatus } from './script.js';
import type { Outcome, Run, RunListener } from './supervisor/host.js';
import type { LaunchHost } from './supervisor/host-process.js';
import { ScriptHosts } from './supervisor/hosts.js';

export interface ScriptsOptions {
  readonly section: Config['scripts'];
  /** Folder of the scripts that come with the gateway. */
  readonly examples: string;
  /** Nothing runs by itself; everything may still be started. */
  readonly safeStart: boolean;
  readonly launch: LaunchHost;
  readonly ipc: IpcDoor;
  readonly mqtt: MqttDoor;
  readonly clock: Clock;
  readonly log: Logger;
  readonly isDriving: (session: string) => boolean;
}

const HOUR_MS = 3_600_000;
/** How often scripts on a host that wants to go are asked whether it suits them, ms. */
const ASK_EVERY_MS = 5_000;
/** How often a script that the command line has started is asked whether it can run at all, ms. */
const LOOK_EVERY_MS = 100;

export type ScriptAction = 'start' | 'stop' | 'restart';

/** How the only run of a script ended. `unable`: there was none, and the log says why. */
export interface RunEnd extends Pick<Outcome, 'message' | 'stack'> {
  readonly how: Outcome['how'] | 'unable';
}

/** Tells how the runs of a script ended to somebody who has an eye on it, and the script only that they are over. */
class WatchedHosts extends ScriptHosts {
  readonly #watchers = new Map<string, (outcome: Outcome) => void>();

  onEnd(scriptName: string, watcher: (outcome: Outcome) => void): void {
    this.#watchers.set(scriptName, watcher);
  }

  override start(run: Run, listener: RunListener): void {
    const watcher = this.#watchers.get(run.name);
    super.start(run, {
      running: () => listener.running(),
      load: (specifier, referrer) => listener.load(specifier, referrer),
      call: (text, data) => listener.call(text, data),
      log: (level, text) => listener.log(level, text),
      ended: (outcome) => {
        listener.ended(watcher && outcome.how !== 'finished' ? { how: 'stopped' } : outcome);
        watcher?.(outcome);
      },
    });
  }
}

/** Every script there is. Watches their folder and keeps what runs in step with what is in it. */
export class Scripts {
  readonly #scripts = new Map<string, Script>();
  readonly #hosts: WatchedHosts;
  readonly #stripper: TypeStripper;
  readonly #env: ScriptEnvironment;
  #watch: ScriptWatch | undefined;
  #following: Promise<void> = Promise.resolve();
  #runs = 0;
  #isClosed = false;

  constructor(private readonly options: ScriptsOptions) {
    const { section, launch, ipc, mqtt, clock, log, isDriving } = options;
    this.#hosts = new WatchedHosts({
      launch,
      ipc,
      clock,
      log,
      bounds: {
        maxMemoryMb: section.hostMemoryMb,
        recycleAboveMb: section.recycleAboveMb,
        recycleAfterMs: section.recycleAfter * HOUR_MS,
      },
      onRetired: (isOnIt) => this.#giveWay(isOnIt),
    });
    this.#stripper = new TypeStripper(clock);
    this.#env = {
      section,
      hosts: this.#hosts,
      stripper: this.#stripper,
      mqtt,
      clock,
      log,
      isDriving,
      nextRunId: (name) => {
        this.#runs += 1;
        return `script-${this.#runs}-${name}`;
      },
    };
  }

  get statuses(): readonly ScriptStatus[] {
    const all = [...this.#scripts.values()].map(({ status }) => status);
    return all.sort(
      (left, right) => Number(left.isExample) - Number(right.isExample) || (left.name < right.name ? -1 : 1),
    );
  }

  get host() {
    return this.#hosts.status;
  }

  /** Never rejects: a folder that cannot be read is reported, and the gateway runs on without scripts. */
  async start(): Promise<void> {
    const { section, examples, safeStart, clock, log } = this.options;
    if (!section.enabled) return;
    this.#watch = watchScripts(section.directory, {
      clock,
      onChange: (paths) => this.#follow(paths),
      onError: (error) => log.warn({ err: error }, 'the folder of the scripts is not watched'),
    });
    await this.#watch.ready;
    const own = await this.#scan(section.directory);
    for (const file of own) await this.#add(file, !safeStart);
    if (section.examples) {
      for (const file of await this.#scan(examples))
        if (!this.#scripts.has(file.name)) await this.#add(file, false, true);
    }
    for (const name of Object.keys(section.each)) {
      // Limits for a misspelt name would be silently off.
      if (own.length > 0 && !this.#scripts.has(name))
        log.warn(`scripts.each has settings for "${name}", and there is no such script`);
    }
    if (own.length > 0 && safeStart) log.warn(`safe start: ${own.length} scripts are off until somebody starts them`);
  }

  /** Throws a ScriptError when there is no such script. */
  get(name: string): Script {
    const script = this.#scripts.get(name);
    if (script) return script;
    const known = [...this.#scripts.keys()].join(', ');
    throw new ScriptError(`There is no script "${name.slice(0, 64)}"; there are ${known || 'none'}`);
  }

  act(name: string, action: ScriptAction): ScriptStatus {
    const script = this.get(name);
    if (action === 'start') script.start();
    else script[action]('on request');
    return script.status;
  }

  /** Runs a script from elsewhere, for the command line, and resolves when it has ended: it is not started again. */
  runFile(file: ScriptFile): Promise<RunEnd> {
    const { promise, resolve } = Promise.withResolvers<RunEnd>();
    const script = new Script(file, false, this.#env);
    this.#scripts.set(file.name, script);
    this.#hosts.onEnd(file.name, (outcome) => {
      // One that starts again was told to: by somebody, or to give memory back.
      if (script.state !== 'starting') resolve(this.#isClosed ? { how: 'stopped' } : outcome);
    });
    // There is no run of a script that cannot run.
    const look = this.options.clock.every(LOOK_EVERY_MS, () => {
      if (script.state === 'invalid') resolve({ how: 'unable' });
    });
    script.start();
    return promise.finally(() => look.cancel());
  }

  /** Every script ends at once; none comes back. */
  close(): void {
    this.#isClosed = true;
    for (const script of this.#scripts.values()) script.close();
    this.#hosts.close();
  }

  /** Resolves when nothing is left of them: watching has ended, and what they stored is on disk. */
  async closed(): Promise<void> {
    await this.#watch?.close();
    await this.#following;
    await this.#stripper.close();
    await Promise.all([...this.#scripts.values()].map((script) => script.saved()));
  }

  async #add(file: ScriptFile, mayRun: boolean, isExample = false): Promise<void> {
    const script = new Script(file, isExample, this.#env);
    this.#scripts.set(file.name, script);
    if ((await script.examine()) && mayRun && !this.#isClosed) script.start();
  }

  /** Changes are followed one after the other. */
  #follow(paths: ReadonlySet<string>): void {
    this.#following = this.#following
      .then(() => this.#followNow(paths))
      .catch((error: unknown) => this.options.log.error({ err: error }, 'changes of scripts could not be followed'));
  }

  async #followNow(paths: ReadonlySet<string>): Promise<void> {
    if (this.#isClosed) return;
    const { section, safeStart } = this.options;
    const files = new Map((await this.#scan(section.directory)).map((file) => [file.name, file]));
    for (const [name, script] of this.#scripts) {
      if (script.isExample || files.has(name)) continue;
      script.stop('its file is gone');
      this.#scripts.delete(name);
    }
    for (const [name, file] of files) {
      const known = this.#scripts.get(name);
      if (!known || known.isExample) await this.#add(file, !safeStart);
      else if (file.problem !== known.file.problem || [...paths].some((path) => known.owns(path)))
        await known.changed(file);
    }
  }

  async #scan(directory: string): Promise<ScriptFile[]> {
    try {
      return await scanScripts(directory);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      this.options.log.warn(error.message);
      return [];
    }
  }

  /** Those that may be started anew move to another host, now or at a better moment. */
  #giveWay(isOnIt: (run: string) => boolean): void {
    const ask = () => {
      if (this.#isClosed) return;
      const left = [...this.#scripts.values()].filter((script) => script.runId !== undefined && isOnIt(script.runId));
      for (const script of left) script.giveWay();
      if (left.length > 0) this.options.clock.after(ASK_EVERY_MS, ask);
    };
    ask();
  }
}
