import { type Clock, describeError, Events, growingPause, LinkError, type Logger } from 'pulsegate/plugin';
import type { RemoteLine, Way } from './lines/line.js';
import type { Outcome } from './session/outbox.js';
import { RemoteSession, type SessionOptions } from './session/session.js';
import type { Dialect, RemoteDevice, RemoteReading } from './speech/dialect.js';
import { version3 } from './speech/v3.js';
import { version4 } from './speech/v4.js';

export interface RemoteOptions extends Omit<SessionOptions, 'clock' | 'log' | 'count' | 'onLatency'> {
  readonly clock: Clock;
  readonly log: Logger;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  readonly random: () => number;
}

export type RemoteState = 'connecting' | 'connected' | 'waiting' | 'stopped';

export interface RemoteEvents {
  /** What it has now; never while it is not connected. */
  devices: [devices: ReadonlyMap<number, RemoteDevice>, session: RemoteSession];
  reading: [device: RemoteDevice, reading: RemoteReading];
  scanFinished: [];
  /** It is out of reach, and everything it had is gone. */
  lost: [reason: string];
}

const DIALECTS: Readonly<Record<3 | 4, Dialect>> = { 3: version3, 4: version4 };
/** Longest that opening a line may take, ms. */
const OPEN_TIMEOUT_MS = 10_000;
/** A connection that lasted this long was a good one, ms. */
const LASTING_MS = 5000;

/** Another server: connects to it whenever it is there, and tells what it has. */
export class Remote {
  readonly outcomes = new Map<Outcome, number>();
  readonly #events: Events<RemoteEvents>;
  readonly #stopped = new AbortController();
  readonly #log: Logger;
  #session: RemoteSession | undefined;
  #state: RemoteState = 'waiting';
  #latencyMs: number | undefined;
  #lastError: string | undefined;
  #logged: string | undefined;
  /** The version that worked last is tried first. */
  #specs: readonly (3 | 4)[];
  #failures = 0;
  #wake: AbortController | undefined;
  #running: Promise<void> | undefined;

  constructor(
    readonly name: string,
    readonly way: Way,
    private readonly options: RemoteOptions,
  ) {
    this.#log = options.log.child({ remote: name });
    this.#events = new Events((error, event) =>
      this.#log.error({ err: error, event }, 'a listener to a remote failed'),
    );
    this.#specs = way.specs;
  }

  get state(): RemoteState {
    return this.#state;
  }

  /** Present while it is connected. */
  get session(): RemoteSession | undefined {
    return this.#session;
  }

  /** How long it took to answer last time, ms. */
  get latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  get lastError(): string | undefined {
    return this.#lastError;
  }

  on: Events<RemoteEvents>['on'] = (event, listener) => this.#events.on(event, listener);

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends the session; what it drives stops at the other end. */
  async stop(): Promise<void> {
    this.#stopped.abort(new LinkError('this gateway does not need the remote any more'));
    await this.#running;
    this.#state = 'stopped';
  }

  /** There is reason to believe that it can be reached now. */
  nudge(): void {
    this.#failures = 0;
    this.#wake?.abort();
  }

  async #run(): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      this.#state = 'connecting';
      try {
        const { session, ended } = await this.#connect();
        const since = clock.now();
        this.#connected(session);
        const reason = await ended;
        if (clock.now() - since >= LASTING_MS) this.#failures = 0;
        this.#lose(reason);
      } catch (error) {
        this.#failed(describeError(error));
      }
      if (!signal.aborted) await this.#pause();
    }
  }

  /** Rejects when it is not reachable, or speaks no version that is spoken here. */
  async #connect() {
    const failures: unknown[] = [];
    for (const spec of this.#specs) {
      const session = new RemoteSession(DIALECTS[spec], this.#sessionOptions());
      const { promise: ended, resolve } = Promise.withResolvers<string>();
      const { signal } = this.#stopped;
      const letGo = () => session.end('this gateway has let go of it');
      signal.addEventListener('abort', letGo, { once: true });
      session.on('ended', (reason) => {
        signal.removeEventListener('abort', letGo);
        resolve(reason);
      });
      let line: RemoteLine | undefined;
      try {
        line = await this.#open(session);
        await session.greet(line);
        this.#specs = [spec, ...this.#specs.filter((other) => other !== spec)];
        return { session, ended };
      } catch (error) {
        session.end('the handshake failed');
        line?.close('the handshake failed');
        signal.throwIfAborted();
        // Nobody was there to speak any version.
        if (!line) throw error;
        failures.push(error);
      }
    }
    throw failures[0];
  }

  async #open(session: RemoteSession): Promise<RemoteLine> {
    const { clock } = this.options;
    const attempt = new AbortController();
    const limit = clock.after(OPEN_TIMEOUT_MS, () =>
      attempt.abort(new LinkError(`${this.way.address} did not answer within ${OPEN_TIMEOUT_MS} ms`)),
    );
    try {
      return await this.way.open(session, AbortSignal.any([attempt.signal, this.#stopped.signal]));
    } finally {
      limit.cancel();
    }
  }

  #sessionOptions(): SessionOptions {
    return {
      ...this.options,
      log: this.#log,
      count: (outcome, howMany = 1) => this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + howMany),
      onLatency: (latencyMs) => {
        this.#latencyMs = latencyMs;
      },
    };
  }

  #connected(session: RemoteSession): void {
    this.#session = session;
    this.#state = 'connected';
    this.#lastError = undefined;
    this.#logged = undefined;
    const server = session.server ? ` (${session.server})` : '';
    this.#log.info(
      `remote connected: ${this.name} at ${this.way.address}${server}, spec ${session.dialect.spec}, ${session.devices.size} devices`,
    );
    session.on('devices', (devices) => this.#events.emit('devices', devices, session));
    session.on('reading', (...reading) => this.#events.emit('reading', ...reading));
    session.on('scanFinished', () => this.#events.emit('scanFinished'));
    this.#events.emit('devices', session.devices, session);
  }

  #lose(reason: string): void {
    this.#session = undefined;
    this.#latencyMs = undefined;
    this.#lastError = reason;
    this.#log[this.#stopped.signal.aborted ? 'info' : 'warn'](`remote lost: ${this.name} (${reason})`);
    this.#events.emit('lost', reason);
  }

  /** Said once, however often it is tried in vain. */
  #failed(reason: string): void {
    this.#lastError = reason;
    const level = this.#logged === reason || this.#stopped.signal.aborted ? 'debug' : 'warn';
    this.#logged = reason;
    this.#log[level](`remote not reachable: ${this.name} (${reason})`);
  }

  async #pause(): Promise<void> {
    const { clock, firstDelayMs, maxDelayMs, random } = this.options;
    this.#state = 'waiting';
    const grown = growingPause(firstDelayMs, maxDelayMs, this.#failures);
    this.#failures += 1;
    this.#wake = new AbortController();
    // Not the same for all: those who were thrown out together do not come back together.
    const delayMs = grown * (0.5 + random() / 2);
    await clock.sleep(delayMs, AbortSignal.any([this.#wake.signal, this.#stopped.signal])).catch(() => {});
    this.#wake = undefined;
  }
}
