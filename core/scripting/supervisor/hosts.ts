import type { Clock, Timer } from '../../clock.js';
import type { IpcDoor } from '../../ipc.js';
import type { Logger } from '../../logging/logger.js';
import { Backoff } from '../backoff.js';
import { Host, type HostBounds, type Run, type RunListener } from './host.js';
import type { LaunchHost } from './host-process.js';

/** How the hosts fare, for people. */
export interface HostsStatus {
  /** `idle`: there is none, because no script runs. */
  readonly state: 'idle' | 'starting' | 'running' | 'waiting' | 'unavailable';
  /** Why there is none, or why the last one is gone. */
  readonly reason?: string | undefined;
  readonly pid?: number | undefined;
  readonly residentMb?: number | undefined;
  /** Hosts that go when their last script has ended. */
  readonly retired: number;
}

export interface HostsOptions {
  readonly launch: LaunchHost;
  readonly ipc: IpcDoor;
  readonly clock: Clock;
  readonly log: Logger;
  readonly bounds: HostBounds;
  /** The runs on this host should move, when it suits them. */
  readonly onRetired: (runs: (id: string) => boolean) => void;
}

/** How long a host that nobody needs any more is kept, ms: a script that is started anew finds it. */
const IDLE_MS = 30_000;
/** A host that has lived this long was no failure, ms. */
const GOOD_LIFE_MS = 60_000;
/** So many that end before they are ready, and there is no more trying: something is wrong with the machine or the package. */
const MAX_STILLBORN = 3;

/**
 * The script hosts. There is one that takes new runs; others are on their way out, because they have grown old or large, or have
 * lost a thread to a script that could not be ended.
 */
export class ScriptHosts {
  readonly #hosts = new Map<Host, { readonly startedAt: number }>();
  readonly #runs = new Map<string, { readonly run: Run; readonly listener: RunListener; host: Host | undefined }>();
  readonly #backoff: Backoff;
  #current: Host | undefined;
  #launching: Timer | undefined;
  #idle: Timer | undefined;
  #unavailable: string | undefined;
  #stillborn = 0;
  #lastEnd: string | undefined;
  #isClosed = false;

  constructor(private readonly options: HostsOptions) {
    this.#backoff = new Backoff({ firstMs: 500, mostMs: 30_000, free: 1 });
  }

  get status(): HostsStatus {
    const host = this.#current;
    const retired = this.#hosts.size - (host ? 1 : 0);
    if (this.#unavailable !== undefined) return { state: 'unavailable', reason: this.#unavailable, retired };
    if (host) {
      const { pid, residentMb } = host;
      return { state: host.isReady ? 'running' : 'starting', pid, residentMb: Math.round(residentMb), retired };
    }
    return this.#launching ? { state: 'waiting', reason: this.#lastEnd, retired } : { state: 'idle', retired };
  }

  /** Starts a run as soon as there is a host for it. What becomes of it, the listener hears. */
  start(run: Run, listener: RunListener): void {
    const entry = {
      run,
      listener: {
        ...forwarding(listener),
        ended: (outcome: Parameters<RunListener['ended']>[0]) => {
          this.#runs.delete(run.id);
          listener.ended(outcome);
        },
      },
      host: undefined,
    };
    this.#runs.set(run.id, entry);
    this.#place();
  }

  stop(id: string, reason: string): void {
    const entry = this.#runs.get(id);
    if (!entry) return;
    if (entry.host) entry.host.stop(id, reason);
    else entry.listener.ended({ how: 'stopped', message: reason });
  }

  deliverMqtt(id: string, text: string): void {
    this.#runs.get(id)?.host?.deliverMqtt(id, text);
  }

  /** Ends every host at once. */
  close(): void {
    this.#isClosed = true;
    this.#launching?.cancel();
    this.#idle?.cancel();
    for (const host of [...this.#hosts.keys()]) host.kill('the gateway is shutting down');
    for (const { listener } of [...this.#runs.values()]) listener.ended({ how: 'stopped' });
  }

  /** Gives every run that waits to the current host, if there is one, and sees to it that there will be. */
  #place(): void {
    if (this.#isClosed) return;
    const waiting = [...this.#runs.values()].filter(({ host }) => !host);
    if (waiting.length === 0) return;
    this.#idle?.cancel();
    this.#idle = undefined;
    const reason = this.#unavailable ?? this.#missingTransport;
    if (reason !== undefined) {
      for (const { listener } of waiting) listener.ended({ how: 'failed', message: reason });
      return;
    }
    const host = this.#current ?? this.#launch();
    if (!host) return;
    for (const entry of waiting) {
      entry.host = host;
      host.start(entry.run, entry.listener);
    }
  }

  get #missingTransport(): string | undefined {
    return this.options.ipc.transport
      ? undefined
      : 'Scripts reach the gateway through the plugin transport-ipc, which does not run; enable plugins.transport-ipc';
  }

  #launch(): Host | undefined {
    const { launch, ipc, clock, log, bounds } = this.options;
    if (this.#launching || !ipc.transport) return undefined;
    const delay = this.#backoff.delayMs;
    if (delay > 0) {
      this.#launching = clock.after(delay, () => {
        this.#launching = undefined;
        this.#backoff.waited();
        this.#place();
      });
      return undefined;
    }
    const host: Host = new Host(launch, ipc.transport, clock, log, bounds, {
      ready: () => {},
      unavailable: (reason) => this.#giveUp(host, reason),
      retired: (reason) => this.#retire(host, reason),
      freed: () => this.#endIfUnused(host),
      gone: (reason) => this.#gone(host, reason),
    });
    this.#hosts.set(host, { startedAt: clock.now() });
    this.#current = host;
    return host;
  }

  #giveUp(host: Host, reason: string): void {
    this.#unavailable = `Scripts are off: isolated-vm does not load here (${reason}); "npm rebuild isolated-vm" may help`;
    this.options.log.warn(this.#unavailable);
    host.kill(this.#unavailable);
  }

  #retire(host: Host, reason: string): void {
    if (this.#current === host) this.#current = undefined;
    this.options.log.info({ pid: host.pid }, `the script host gives way to a new one: ${reason}`);
    this.#endIfUnused(host);
    if (this.#hosts.has(host)) this.options.onRetired((id) => this.#runs.get(id)?.host === host);
  }

  #endIfUnused(host: Host): void {
    if (host.runCount > 0 || this.#isClosed) return;
    if (host.isRetired) host.kill('it was not needed any more');
    else if (host === this.#current) {
      this.#idle ??= this.options.clock.after(IDLE_MS, () => {
        this.#idle = undefined;
        if (host.runCount === 0) host.kill('it was not needed any more');
      });
    }
  }

  #gone(host: Host, reason: string): void {
    const life = this.options.clock.now() - (this.#hosts.get(host)?.startedAt ?? 0);
    this.#hosts.delete(host);
    if (this.#current === host) this.#current = undefined;
    this.#lastEnd = reason;
    if (this.#isClosed || this.#unavailable !== undefined || reason === 'it was not needed any more') return;
    this.#stillborn = host.isReady ? 0 : this.#stillborn + 1;
    if (this.#stillborn >= MAX_STILLBORN) {
      this.#unavailable = `Scripts are off: their host does not start here (${reason}); "npm rebuild isolated-vm" may help`;
      this.options.log.warn(this.#unavailable);
      this.#place();
      return;
    }
    if (life > GOOD_LIFE_MS) this.#backoff.reset();
    this.#backoff.failed();
    this.options.log.error({ pid: host.pid }, `the script host is gone: ${reason}; its scripts' devices were stopped`);
    this.#place();
  }
}

const forwarding = (listener: RunListener): Omit<RunListener, 'ended'> => ({
  running: () => listener.running(),
  load: (specifier, referrer) => listener.load(specifier, referrer),
  call: (text, data) => listener.call(text, data),
  log: (level, text) => listener.log(level, text),
});
