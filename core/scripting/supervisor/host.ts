import { setImmediate } from 'node:timers/promises';
import type { Clock, Timer } from '../../clock.js';
import { describeError } from '../../errors.js';
import type { IpcFrame, IpcLines, IpcTransport } from '../../ipc.js';
import type { Logger } from '../../logging/logger.js';
import type { DeviceGrant } from '../../sessions/grants.js';
import { type FromHost, fromHost, type HostLimits, type ScriptLogLevel, type Source, type ToHost } from '../wire.js';
import type { HostProcess, LaunchHost } from './host-process.js';

/** One run of a script, as it is handed to a host. */
export interface Run {
  /** Unique while the gateway runs; the id of its session too. */
  readonly id: string;
  readonly name: string;
  readonly clientName: string;
  readonly entry: Source;
  readonly limits: HostLimits;
  readonly maxPingTimeMs: number;
  readonly devices: readonly DeviceGrant[] | undefined;
}

/** How a run ended. `host`: its host went down with it. `session`: the gateway ended its session. The others: see wire.ts. */
export interface Outcome {
  readonly how: Extract<FromHost, { op: 'ended' }>['how'] | 'host' | 'session';
  readonly message?: string | undefined;
  readonly stack?: readonly string[] | undefined;
}

/** Whoever started a run. */
export interface RunListener {
  running(): void;
  load(specifier: string, referrer: string): Promise<Source>;
  /** Something the script asks of the gateway, and a text that goes with it; resolves with the reply, in parts. */
  call(text: string, data: string | undefined): Promise<Iterable<string>>;
  log(level: ScriptLogLevel, text: string): void;
  /** Called once. The session is over, and its devices are stopped. */
  ended(outcome: Outcome): void;
}

export interface HostEvents {
  /** It takes runs now. */
  ready(): void;
  /** It will never take any on this machine. */
  unavailable(reason: string): void;
  /** It takes no more runs. */
  retired(reason: string): void;
  /** A run has ended. */
  freed(): void;
  gone(reason: string): void;
}

export interface HostBounds {
  /** The host is killed when it takes more, MB. */
  readonly maxMemoryMb: number;
  /** It takes no more runs from there on, MB and ms. */
  readonly recycleAboveMb: number;
  readonly recycleAfterMs: number;
}

/** How often a host is asked whether it lives, and how long it may take to say so, ms. */
const BEAT_MS = 250;
const SILENCE_MS = 4000;
/** A run that was told to stop, and whose host does not say that it has, is over all the same after this, ms. */
const STOP_MS = 500;

interface Running {
  readonly run: Run;
  readonly listener: RunListener;
  stopping: Timer | undefined;
  /** Replies leave one after the other. */
  replying: Promise<void> | undefined;
}

/** One script host and the runs on it. The session of a run is opened and closed here, so it never outlives either. */
export class Host {
  readonly #process: HostProcess;
  readonly #lines: IpcLines;
  readonly #runs = new Map<string, Running>();
  readonly #startedAt: number;
  readonly #beat: Timer;
  #outbox: (ToHost | IpcFrame)[] = [];
  #heardAt: number;
  #isReady = false;
  #isGone = false;
  #retired = false;
  #killedFor: string | undefined;
  residentMb = 0;

  constructor(
    launch: LaunchHost,
    transport: IpcTransport,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly bounds: HostBounds,
    private readonly events: HostEvents,
  ) {
    this.#startedAt = clock.now();
    this.#heardAt = clock.now();
    this.#process = launch({
      said: (batch) => this.#said(batch),
      ended: (reason) => this.#ended(reason),
    });
    const host = this;
    this.#lines = transport.attach({
      get unreadBytes() {
        return host.#process.unreadBytes;
      },
      post: (frame) => this.#post(frame),
    });
    this.#beat = clock.every(BEAT_MS, () => this.#checkLife());
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get isRetired(): boolean {
    return this.#retired;
  }

  get runCount(): number {
    return this.#runs.size;
  }

  start(run: Run, listener: RunListener): void {
    this.#runs.set(run.id, { run, listener, stopping: undefined, replying: undefined });
    this.#lines.open(run.id, {
      remote: `script ${run.name}`,
      maxPingTimeMs: run.maxPingTimeMs,
      devices: run.devices,
      // The session ended from the gateway's side (a missed ping, a broken rule): so does the run.
      onEnded: (reason) => this.#finish(run.id, { how: 'session', message: reason }),
    });
    const { id, name, clientName, entry, limits } = run;
    this.#post({ op: 'start', id, name, clientName, entry, limits });
  }

  /** Lets the script say goodbye, for a moment. `ended` follows. */
  stop(id: string, reason: string): void {
    const running = this.#runs.get(id);
    if (!running || running.stopping) return;
    running.stopping = this.clock.after(STOP_MS, () => this.#finish(id, { how: 'stopped', message: reason }));
    this.#post({ op: 'stop', id, reason });
  }

  deliverMqtt(id: string, text: string): void {
    if (this.#runs.has(id)) this.#post({ op: 'mqtt', id, text });
  }

  /** Takes no more runs, and goes when its last one has ended. */
  retire(reason: string): void {
    if (this.#retired) return;
    this.#retired = true;
    this.events.retired(reason);
  }

  /** Ends it and every run on it, at once. */
  kill(reason: string): void {
    if (this.#isGone) return;
    this.#killedFor ??= reason;
    this.#process.kill();
    // Sessions do not wait for the process to be gone.
    this.#ended(reason);
  }

  #said(batch: unknown): void {
    if (this.#isGone) return;
    this.#heardAt = this.clock.now();
    if (!Array.isArray(batch)) {
      this.kill('it said something that nobody understands');
      return;
    }
    for (const message of batch) {
      if (this.#isGone) return;
      if (this.#lines.take(message)) continue;
      if (fromHost.Check(message)) this.#take(message);
      else this.kill('it said something that nobody understands');
    }
  }

  #take(message: FromHost): void {
    switch (message.op) {
      case 'ready':
        this.#isReady = true;
        this.log.debug({ pid: this.pid }, `script host is ready (isolated-vm ${message.isolatedVm})`);
        this.events.ready();
        return;
      case 'unavailable':
        this.events.unavailable(message.reason);
        return;
      case 'tainted':
        this.retire(message.reason);
        return;
      case 'beat':
        this.#weigh(message.residentMb);
        return;
      case 'ended':
        this.#finish(message.id, message);
        return;
    }
    const running = this.#runs.get(message.id);
    if (!running) return;
    const { listener } = running;
    switch (message.op) {
      case 'running':
        listener.running();
        return;
      case 'log':
        listener.log(message.level, message.text);
        return;
      case 'load':
        this.#load(message, listener);
        return;
      case 'call':
        void listener.call(message.text, message.data).then((text) => this.#reply(running, text));
        return;
    }
  }

  /** With a pause after each part: a long text takes time that everybody in the gateway waits for. */
  #reply(running: Running, parts: Iterable<string>): void {
    const { id } = running.run;
    const send = async () => {
      const iterator = parts[Symbol.iterator]();
      for (let part = iterator.next(); !part.done && this.#runs.get(id) === running; ) {
        const text = part.value;
        part = iterator.next();
        this.#post({ op: 'reply', id, text, more: !part.done });
        if (!part.done) await setImmediate();
      }
    };
    running.replying = running.replying ? running.replying.then(send) : send();
  }

  #load({ id, request, specifier, referrer }: Extract<FromHost, { op: 'load' }>, listener: RunListener): void {
    listener.load(specifier, referrer).then(
      (source) => this.#post({ op: 'module', id, request, source }),
      (error: unknown) => this.#post({ op: 'no-module', id, request, reason: describeError(error) }),
    );
  }

  /** Called for every run exactly once, whoever ended it. The session goes first: that is what stops the devices. */
  #finish(id: string, { how, message, stack }: Outcome): void {
    const running = this.#runs.get(id);
    if (!running) return;
    this.#runs.delete(id);
    running.stopping?.cancel();
    this.#lines.close(id, message ?? how);
    if (how === 'session') this.#post({ op: 'stop', id, reason: message ?? '' });
    running.listener.ended({ how, message, stack });
    this.events.freed();
  }

  #weigh(residentMb: number): void {
    this.residentMb = residentMb;
    const { maxMemoryMb, recycleAboveMb, recycleAfterMs } = this.bounds;
    if (residentMb > maxMemoryMb)
      this.kill(`it took ${Math.round(residentMb)} MB, more than scripts.hostMemoryMb allows`);
    else if (residentMb > recycleAboveMb) this.retire(`it takes ${Math.round(residentMb)} MB`);
    else if (this.clock.now() - this.#startedAt > recycleAfterMs) this.retire('it is old');
  }

  #checkLife(): void {
    if (this.clock.now() - this.#heardAt > SILENCE_MS) this.kill(`it has said nothing for ${SILENCE_MS} ms`);
    else this.#post({ op: 'beat' });
  }

  /** What is said in one go leaves in one piece. */
  #post(message: ToHost | IpcFrame): void {
    if (this.#isGone) return;
    if (this.#outbox.length === 0) queueMicrotask(() => this.#flush());
    this.#outbox.push(message);
  }

  #flush(): void {
    const batch = this.#outbox;
    this.#outbox = [];
    if (!this.#isGone) this.#process.post(batch);
  }

  #ended(reason: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#beat.cancel();
    const why = this.#killedFor ?? reason;
    const runs = [...this.#runs.values()];
    this.#runs.clear();
    // First everything that stops devices, then everything else.
    this.#lines.closeAll(`the script host is gone: ${why}`);
    for (const { listener, stopping } of runs) {
      stopping?.cancel();
      listener.ended({ how: 'host', message: why });
    }
    this.events.gone(why);
  }
}
