import { posix } from 'node:path';
import type { Clock, Timer } from '../clock.js';
import type { Config } from '../config/schema.js';
import { effectiveSettings, type ResolvedScriptSettings, settingsFor } from '../config/script-settings.js';
import { describeError, GatewayError, ScriptError } from '../errors.js';
import type { Logger } from '../logging/logger.js';
import type { MqttDoor } from '../mqtt/door.js';
import { ScriptAccess } from './access/script-access.js';
import { Backoff } from './backoff.js';
import type { ScriptFile } from './files/folder.js';
import { readHeader } from './files/header.js';
import { ScriptSources } from './files/sources.js';
import type { TypeStripper } from './files/strip-types.js';
import type { Outcome, Run, RunListener } from './supervisor/host.js';
import type { ScriptHosts } from './supervisor/hosts.js';

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
  #running: Running | undefined;
  #lastError: ScriptProblem | undefined;
  #retry: Timer | undefined;
  /** What to do when the run that is being stopped has ended. */
  #next: (() => void) | undefined;
  /** Counts the beginnings, so that one that was overtaken while it read files notices. */
  #beginning = 0;
  #isClosed = false;
  readonly #backoff = new Backoff({ firstMs: 1000, mostMs: 60_000, free: 0 });
  readonly #access: ScriptAccess;
  readonly #log: Logger;

  constructor(
    file: ScriptFile,
    readonly isExample: boolean,
    private readonly env: ScriptEnvironment,
  ) {
    this.#file = file;
    this.#since = env.clock.date();
    this.#log = env.log.child({ script: file.name });
    const { section, mqtt, clock } = env;
    this.#access = new ScriptAccess(file.name, { storage: section.storage, mqtt, clock, log: this.#log });
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
    await this.#access.saved();
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
    const lifetime = new AbortController();
    try {
      const { sources, settings } = await this.#readHeader();
      const entry = await sources.entry();
      const id = this.env.nextRunId(this.name);
      const calls = await this.#access.open({
        settings,
        readText: (path) => sources.readText(path),
        onMqtt: (filter, topic, payload) => this.env.hosts.deliverMqtt(id, JSON.stringify({ filter, topic, payload })),
        lifetime: lifetime.signal,
      });
      if (beginning !== this.#beginning) return;
      this.#launch(runOf(id, this.name, entry, settings, this.env.section.maxPingTime), lifetime, {
        running: () => this.#become('running'),
        load: (specifier, referrer) => sources.resolve(specifier, referrer),
        call: (text, data) => calls.answer(text, data),
        log: (level, text) => this.#log[level](printable(text)),
        ended: (outcome) => this.#ended(outcome),
      });
    } catch (error) {
      if (beginning === this.#beginning) this.#invalid(error);
    }
  }

  async #readHeader(): Promise<{ sources: ScriptSources; settings: ResolvedScriptSettings }> {
    const { problem, folder, entry, label } = this.#file;
    if (problem !== undefined) throw new ScriptError(`${label}: ${problem}`);
    const sources = new ScriptSources(folder, entry, this.env.stripper);
    this.#sources = sources;
    const { section } = this.env;
    const { settings: header } = readHeader(label, await sources.entryText());
    const settings = effectiveSettings(section, header, settingsFor(section.each, this.name));
    this.#settings = settings;
    return { sources, settings };
  }

  #launch(run: Run, lifetime: AbortController, listener: RunListener): void {
    this.#starts += 1;
    this.#running = { run, lifetime, startedAt: this.env.clock.now() };
    this.env.hosts.start(run, listener);
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
    return { message: printable(message) || 'an error without a message', stack, time: this.env.clock.date() };
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

/** A script's own words, so that they are told from the gateway's: no line begins like one of those, and no terminal obeys them. */
const printable = (text: string) => text.replaceAll(/\r?\n/g, '\n    ').replaceAll(/[^\P{Cc}\n\t]/gu, '?');

function runOf(
  id: string,
  name: string,
  entry: Run['entry'],
  settings: ResolvedScriptSettings,
  maxPingTimeMs: number,
): Run {
  const { memoryMb, cpuMs, wallMs, messagesPerSecond, logLinesPerSecond } = settings.limits;
  return {
    id,
    name,
    clientName: settings.name ?? name,
    entry,
    limits: { memoryMb, cpuMs, wallMs, messagesPerSecond, logLinesPerSecond },
    maxPingTimeMs,
    devices: grantsOf(settings.devices),
  };
}

const grantsOf = (devices: ResolvedScriptSettings['devices']): Run['devices'] =>
  devices === 'all' ? undefined : devices === 'none' ? [] : devices;
