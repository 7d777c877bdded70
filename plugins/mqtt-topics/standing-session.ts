import {
  type Clock,
  DeviceError,
  type EmbeddedClient,
  type EmbeddedDoor,
  growingPause,
  LinkError,
  type Logger,
  type Timer,
  withDeadline,
} from 'pulsegate/plugin';

export interface StandingSessionOptions {
  readonly embedded: EmbeddedDoor;
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxPingTimeMs: number;
  readonly onOpened: (session: EmbeddedClient) => void;
  /** It is over, whoever ended it: what it drove stops. */
  readonly onOver: () => void;
}

const NAME = 'MQTT topics';
/** The first pause before another attempt, and the longest, ms. Every failure doubles it. */
const FIRST_PAUSE_MS = 100;
const MOST_PAUSE_MS = 30_000;
/** A session that lasted for so long was none that fails time and again, ms. */
const STEADY_MS = 30_000;
/** Longest wait for a session of somebody who cannot be turned away, ms. */
const PATIENCE_MS = 2_000;

/** One session with the gateway for as long as it is wanted: one that ends otherwise is followed by another. */
export class StandingSession {
  #session: EmbeddedClient | undefined;
  #openedAt = 0;
  #isWanted = false;
  #isOpening = false;
  #failures = 0;
  #retry: Timer | undefined;
  #opened = Promise.withResolvers<EmbeddedClient>();

  constructor(private readonly options: StandingSessionOptions) {
    this.#nobodyMinds();
  }

  get current(): EmbeddedClient | undefined {
    return this.#session;
  }

  open(): void {
    this.#isWanted = true;
    this.#failures = 0;
    void this.#attempt();
  }

  /** What it drives stops, in this turn. */
  close(): void {
    this.#isWanted = false;
    this.#retry?.cancel();
    this.#opened.reject(notReady());
    this.#opened = Promise.withResolvers();
    this.#nobodyMinds();
    const session = this.#session;
    if (!session) return;
    this.#session = undefined;
    session.close().catch(() => {});
    this.options.onOver();
  }

  /**
   * With the session there is, in this turn; else with the next one, which is opened without a pause. For what must not be turned
   * away: a stop.
   */
  async urgent(what: (session: EmbeddedClient) => Promise<unknown>): Promise<void> {
    const session = this.#session ?? (await this.#next());
    try {
      await what(session);
    } catch (error) {
      this.failed(session, error);
      throw error;
    }
  }

  /** @param error what a request of that session ended with: it may be the first to tell that the session is over */
  failed(session: EmbeddedClient, error: unknown): void {
    if (error instanceof LinkError) this.#over(session);
  }

  #next(): Promise<EmbeddedClient> {
    if (!this.#isWanted) return Promise.reject(notReady());
    void this.#attempt();
    return withDeadline(this.options.clock, PATIENCE_MS, this.#opened.promise, notReady);
  }

  async #attempt(): Promise<void> {
    if (!this.#isWanted || this.#isOpening || this.#session) return;
    this.#retry?.cancel();
    this.#isOpening = true;
    const session = await this.#dial();
    this.#isOpening = false;
    if (!this.#isWanted) session?.close().catch(() => {});
    else if (session) this.#use(session);
    else this.#later();
  }

  async #dial(): Promise<EmbeddedClient | undefined> {
    const { embedded, log, maxPingTimeMs } = this.options;
    try {
      // Transports start last, so there may be none yet.
      return await embedded.transport?.client(NAME, { maxPingTimeMs });
    } catch (error) {
      log.debug({ err: error }, 'no session for plain topics');
      return undefined;
    }
  }

  #use(session: EmbeddedClient): void {
    this.#session = session;
    this.#openedAt = this.options.clock.now();
    session.on('closed', () => this.#over(session));
    this.options.onOpened(session);
    this.#opened.resolve(session);
  }

  #over(session: EmbeddedClient): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#opened = Promise.withResolvers();
    this.#nobodyMinds();
    if (this.options.clock.now() - this.#openedAt >= STEADY_MS) this.#failures = 0;
    this.options.onOver();
    this.#later();
  }

  #later(): void {
    const { clock } = this.options;
    this.#retry?.cancel();
    const pause = growingPause(FIRST_PAUSE_MS, MOST_PAUSE_MS, this.#failures);
    this.#retry = clock.after(pause, () => void this.#attempt());
    this.#failures += 1;
  }

  /** With nobody waiting, a rejection is no unhandled one. */
  #nobodyMinds(): void {
    this.#opened.promise.catch(() => {});
  }
}

/** What somebody is told whose order nobody can carry out now. */
export const notReady = () => new DeviceError('The gateway is not ready for orders; try again in a second');
