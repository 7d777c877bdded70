import { posix } from 'node:path';
import type { Clock, Timer } from '../clock.js';
import type { Config } from '../config/schema.js';
import { effectiveSettings, type ResolvedScriptSettings, settingsFor } from '../config/script-settings.js';
import { describeError, GatewayError, ScriptError } from '../errors.js';
import type { Logger } from '../logging/logger.js';
import type { MqttDoor } from '../mqtt.js';
import { Backoff } from './backoff.js';
import { ScriptCalls } from './calls.js';
import type { ScriptFile } from './folder.js';
import { readHeader } from './header.js';
import type { Outcome, Run, RunListener } from './host.js';
import type { ScriptHosts } from './hosts.js';
import { HttpAccess } from './http-access.js';
import { MqttAccess } from './mqtt-access.js';
import { ScriptSources } from './sources.js';
import { ScriptStorage, storageFile } from './storage.js';
import type { TypeStripper } from './strip-types.js';

/**
 * `off`: on request, or by its settings. `invalid`: it cannot run as it is. `waiting`: it failed, and is started again in a while.
 * `failed`: it failed too often. `finished`: it has done what it wanted.
 */
export type ScriptState = 'off' | 'invalid' | 'starting' | 'running' | 'stopping' | 'waiting' | 'failed' | 'finished';

export interface ScriptProblem {
  readonly message: string;
  /** Places in the script's own files, innermost first: `edge-timer.js:12:5`. */
  readonly stack: readonly string[];
  readonly time: Date;
}

export interface ScriptStatus {
  readonly name: string;
  /** Its file, from the folder of the scripts. */
  readonly file: string;
  readonly title: string;
  readonly description: string;
  readonly isExample: boolean;
  readonly state: ScriptState;
  readonly since: Date;
  /** How often it has been started. */
  readonly starts: number;
  /** Id of the session it has now. */
  readonly session: string | undefined;
  readonly lastError: ScriptProblem | undefined;
  readonly grants: Pick<ResolvedScriptSettings, 'devices' | 'http' | 'mqtt'>;
}

/** What scripts need of the gateway around them. */
export interface ScriptEnvironment {
  readonly section: Config['scripts'];
  readonly hosts: ScriptHosts;
  readonly stripper: TypeStripper;
  readonly mqtt: MqttDoor;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether the client with this session keeps an output on. */
  readonly isDriving: (session: string) => boolean;
  readonly nextRunId: (scriptName: string) => string;
}

const KB = 1024;
const MAX_KEYS = 1000;
/** So many failures in a row, and it is left alone until somebody starts it or saves its file. */
const MAX_FAILURES = 10;
/** A script that has run this long has recovered, ms. */
const RECOVERED_MS = 60_000;

const NOTHING_GRANTED: ScriptStatus['grants'] = { devices: 'none', http: [], mqtt: { subscribe: [], publish: [] } };

interface Running {
  readonly run: Run;
  readonly lifetime: AbortController;
  readonly startedAt: number;
}

/** A script and its life: started and stopped, failing and coming back, one run after the other and never two at a time. */
export class Script {
  #file: ScriptFile;
  #state: ScriptState = 'off';
  #since: Date;
  #starts = 0;
  #settings: ResolvedScriptSettings | undefined;
  #sources: ScriptSources | undefined;
  #storage: ScriptStorage | undefined;
  #http: { readonly grant: string; readonly access: HttpAccess } | undefined;
  #running: Running | undefined;
  #lastError: ScriptProblem | undefined;
  #retry: Timer | undefined;
  /** What to do when the run that is being stopped has ended. */
  #next: (() => void) | undefined;
  /** Counts the beginnings, so that one that was overtaken while it read files notices. */
  #beginning = 0;
  #isClosed = false;
  readonly #backoff = new Backoff({ firstMs: 1000, mostMs: 60_000, free: 0 });
  readonly #log: Logger;

  constructor(
    file: ScriptFile,
    readonly isExample: boolean,
    private readonly env: ScriptEnvironment,
  ) {
    this.#file = file;
    this.#since = env.clock.date();
    this.#log = env.log.child({ script: file.name });
  }

  get name(): string {
    return this.#file.name;
  }

  get state(): ScriptState {
    return this.#state;
  }

  get file(): ScriptFile {
    return this.#file;
  }

  get status(): ScriptStatus {
    const settings = this.#settings;
    return {
      name: this.name,
      file: this.#file.label,
      title: settings?.name ?? this.name,
      description: settings?.description ?? '',
      isExample: this.isExample,
      state: this.#state,
      since: this.#since,
      starts: this.#starts,
      session: this.runId,
      lastError: this.#lastError,
      grants: settings ? { devices: settings.devices, http: settings.http, mqtt: settings.mqtt } : NOTHING_GRANTED,
    };
  }

  /** Whether this path belongs to the script, as far as that is known. */
  owns(path: string): boolean {
    return path === this.#file.entry || this.#sources?.files.has(path) === true;
  }

  /** The run under way. */
  get runId(): string | undefined {
    return this.#running?.run.id;
  }

  /** Reads what the file says about itself, without running anything. True when the script should run by itself. */
  async examine(): Promise<boolean> {
    try {
      await this.#readHeader();
      return this.#settings?.enabled === true && !this.isExample;
    } catch (error) {
      this.#invalid(error);
      return false;
    }
  }

  /** Harmless when it runs. */
  start(): void {
    if (this.#state === 'stopping') this.#next = () => void this.#begin();
    else if (this.#state !== 'starting' && this.#state !== 'running') {
      this.#backoff.reset();
      void this.#begin();
    }
  }

  stop(reason: string): void {
    this.#next = undefined;
    this.#end(reason, () => this.#become('off'));
  }

  /** The old session ends, its devices stop, and then the new one starts. */
  restart(reason: string): void {
    this.#backoff.reset();
    this.#end(reason, () => void this.#begin());
  }

  /** Its files have changed. One that somebody switched off stays off. */
  async changed(file: ScriptFile): Promise<void> {
    this.#file = file;
    if (this.#state === 'off') {
      const wasSwitchedOff = this.#starts > 0 || this.#settings?.enabled === true;
      if ((await this.examine()) && !wasSwitchedOff) this.start();
      return;
    }
    this.#log.info(`${this.#file.label} has changed; starting it anew`);
    this.restart('its file has changed');
  }

  /** The host it runs on wants to go. */
  giveWay(): void {
    const running = this.#running;
    if (!running || this.#state !== 'running' || !this.#settings?.restartable) return;
    if (this.env.isDriving(running.run.id)) return;
    this.restart('to give memory back');
  }

  /** It ends with its host, and never comes back. */
  close(): void {
    this.#isClosed = true;
    this.#beginning += 1;
    this.#retry?.cancel();
  }

  /** Resolves when everything it stored is on disk. */
  async saved(): Promise<void> {
    await this.#storage?.flushed();
  }

  #end(reason: string, next: () => void): void {
    this.#beginning += 1;
    this.#retry?.cancel();
    if (!this.#running) {
      next();
      return;
    }
    this.#next = next;
    if (this.#state !== 'stopping') {
      this.#become('stopping');
      this.env.hosts.stop(this.#running.run.id, reason);
    }
  }

  async #begin(): Promise<void> {
    this.#beginning += 1;
    const beginning = this.#beginning;
    this.#retry?.cancel();
    this.#become('starting');
    try {
      const sources = await this.#readHeader();
      const entry = await sources.entry();
      await this.#openStorage();
      if (beginning !== this.#beginning) return;
      this.#launch(entry);
    } catch (error) {
      if (beginning === this.#beginning) this.#invalid(error);
    }
  }

  async #readHeader(): Promise<ScriptSources> {
    const { problem, folder, entry, label } = this.#file;
    if (problem !== undefined) throw new ScriptError(`${label}: ${problem}`);
    const sources = new ScriptSources(folder, entry, this.env.stripper);
    this.#sources = sources;
    const { section } = this.env;
    const { settings } = readHeader(label, await sources.entryText());
    this.#settings = effectiveSettings(section, settings, settingsFor(section.each, this.name));
    return sources;
  }

  async #openStorage(): Promise<void> {
    const { section, log, clock } = this.env;
    await this.#storage?.flushed();
    const maxBytes = (this.#settings?.limits.storageKb ?? section.storageKb) * KB;
    this.#storage = new ScriptStorage(
      storageFile(section.storage, this.name),
      { maxBytes, maxKeys: MAX_KEYS },
      log,
      clock,
    );
  }

  #launch(entry: Run['entry']): void {
    const { env } = this;
    const settings = this.#settings;
    const storage = this.#storage;
    const sources = this.#sources;
    if (!settings || !storage || !sources) return;
    const { memoryMb, cpuMs, wallMs, messagesPerSecond, logLinesPerSecond, httpPerMinute } = settings.limits;
    const id = env.nextRunId(this.name);
    const run: Run = {
      id,
      name: this.name,
      clientName: settings.name ?? this.name,
      entry,
      limits: { memoryMb, cpuMs, wallMs, messagesPerSecond, logLinesPerSecond },
      maxPingTimeMs: env.section.maxPingTime,
      devices: grantsOf(settings.devices),
    };
    const lifetime = new AbortController();
    const mqtt = new MqttAccess(env.mqtt, settings.mqtt, this.#log, (filter, topic, payload) =>
      env.hosts.deliverMqtt(id, JSON.stringify({ filter, topic, payload })),
    );
    lifetime.signal.addEventListener('abort', () => void mqtt[Symbol.asyncDispose]());
    const http = this.#httpFor(settings.http, httpPerMinute);
    const readText = (path: string) => sources.readText(path);
    const calls = new ScriptCalls({ storage, http, mqtt, readText }, env.clock, this.#log, lifetime.signal);
    this.#starts += 1;
    this.#running = { run, lifetime, startedAt: env.clock.now() };
    const listener: RunListener = {
      running: () => this.#become('running'),
      load: (specifier, referrer) => sources.resolve(specifier, referrer),
      call: (text) => calls.answer(text),
      log: (level, text) => this.#log[level](text),
      ended: (outcome) => this.#ended(outcome),
    };
    env.hosts.start(run, listener);
  }

  /** One for all runs with the same grant: starting anew does not give a script more requests. */
  #httpFor(hosts: readonly string[], maxPerMinute: number): HttpAccess {
    const grant = JSON.stringify([hosts, maxPerMinute]);
    if (this.#http?.grant !== grant) {
      const { clock } = this.env;
      this.#http = { grant, access: new HttpAccess({ hosts, maxPerMinute, clock, log: this.#log }) };
    }
    return this.#http.access;
  }

  #ended(outcome: Outcome): void {
    const running = this.#running;
    this.#running = undefined;
    running?.lifetime.abort(new ScriptError('The script has ended'));
    const next = this.#next;
    this.#next = undefined;
    if (this.#isClosed) {
      this.#become('off');
      return;
    }
    const problem = this.#problemOf(outcome);
    if (problem) this.#lastError = problem;
    // Somebody wanted it to end, in whatever way it did.
    if (next) {
      next();
      return;
    }
    const life = running ? this.env.clock.now() - running.startedAt : 0;
    if (life > RECOVERED_MS) this.#backoff.reset();
    if (outcome.how === 'stopped') this.#become('off');
    else if (outcome.how === 'finished') {
      this.#become('finished');
      this.#log.info(`${this.name} has finished`);
    }
    // When there is a host again is decided by the hosts' own back-off.
    else if (outcome.how === 'host') void this.#begin();
    else if (problem) this.#failed(problem, outcome.how === 'invalid');
  }

  /** What went wrong; undefined when nothing did. */
  #problemOf({ how, message = 'nobody knows why', stack }: Outcome): ScriptProblem | undefined {
    switch (how) {
      case 'stopped':
      case 'finished':
        return undefined;
      case 'host':
        return this.#problem(`The script host went down: ${message}`);
      case 'session':
        return this.#problem(`The gateway ended its session: ${message}`);
      case 'invalid':
      case 'failed':
      case 'limit':
        return this.#problem(message, this.#places(stack));
    }
  }

  /** @param isHopeless it would fail in the same way again */
  #failed({ message, stack }: ScriptProblem, isHopeless: boolean): void {
    this.#backoff.failed();
    const { failures, waitMs } = this.#backoff;
    const what = `${this.name} has failed: ${stack[0] === undefined ? '' : `${stack[0]}: `}${message}`;
    if (isHopeless || failures >= MAX_FAILURES || this.env.hosts.status.state === 'unavailable') {
      this.#become('failed');
      const why = failures >= MAX_FAILURES ? `; it failed ${failures} times in a row and is left alone now` : '';
      this.#log.error({ stack }, `${what}${why}`);
      return;
    }
    this.#become('waiting');
    this.#log.error({ stack }, `${what}; starting it again in ${waitMs / 1000} s`);
    this.#retry = this.env.clock.after(waitMs, () => void this.#begin());
  }

  #invalid(error: unknown): void {
    if (!(error instanceof GatewayError)) this.#log.error({ err: error }, 'a script could not be read');
    this.#lastError = this.#problem(describeError(error));
    this.#become('invalid');
    this.#log.warn(`${this.name} cannot run: ${this.#lastError.message}`);
  }

  #problem(message: string, stack: readonly string[] = []): ScriptProblem {
    return { message, stack, time: this.env.clock.date() };
  }

  /** Places as people know them, from the folder of the scripts; a run knows its own folder only. */
  #places(stack: readonly string[] = []): readonly string[] {
    const folder = posix.dirname(this.#file.label);
    return folder === '.' ? stack : stack.map((place) => `${folder}/${place}`);
  }

  #become(state: ScriptState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = this.env.clock.date();
  }
}

const grantsOf = (devices: ResolvedScriptSettings['devices']): Run['devices'] =>
  devices === 'all' ? undefined : devices === 'none' ? [] : devices;
