import { type Clock, describeError, type EventSource, Events, type Logger, type Timer } from 'pulsegate/plugin';
import { ASK_FOR_TOY, CODE, commandTo, DongleLines, type DongleMessage, SEARCH, STOP_SEARCH } from './messages.js';
import type { DonglePort } from './port.js';

export interface DongleEvents {
  /** A toy is connected to the dongle; it does that by itself, one at a time. */
  toy: [id: string];
  /** The toy is not connected any more. */
  toyGone: [reason: string];
  /** The toy said something. */
  toyData: [text: string];
  /** A search has come to its end, whoever ended it. */
  searchEnded: [];
  /** The dongle was pulled out. Nothing comes after it. */
  gone: [reason: string];
}

type State = 'checking' | 'idle' | 'searching' | 'stopping' | 'with toy' | 'gone';

/** So long the dongle is left in peace after the first question: one that is told something too early locks up, ms. */
const CHECK_MS = 250;
/** How long the dongle may take to confirm that it has stopped searching, ms. */
const STOP_LIMIT_MS = 2_000;

/** The state of one dongle that is plugged in (facts: protocols/lovense-dongle, "State machine"). */
export class Dongle implements EventSource<DongleEvents> {
  readonly #events: Events<DongleEvents>;
  readonly #lines = new DongleLines();
  #state: State = 'checking';
  #isSearchWanted = false;
  #toy: string | undefined;
  #timer: Timer | undefined;

  constructor(
    private readonly port: DonglePort,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.#events = Events.logged(log);
    port.onText((text) => {
      for (const message of this.#lines.take(text)) this.#heard(message);
    });
    port.onClosed((reason) => void this.#closed(reason));
  }

  on<K extends keyof DongleEvents>(event: K, listener: (...args: DongleEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  /** Asks for a toy that is connected already. Resolves when the dongle may be told something else. */
  async start(): Promise<void> {
    this.#tell(ASK_FOR_TOY);
    await this.clock.sleep(CHECK_MS);
    if (this.#state !== 'checking') return;
    this.#state = 'idle';
    if (this.#isSearchWanted) this.search();
  }

  get toy(): string | undefined {
    return this.#state === 'with toy' ? this.#toy : undefined;
  }

  /** A search ends by itself when a toy was found: a dongle has room for one. */
  search(): void {
    this.#isSearchWanted = true;
    if (this.#state === 'with toy' || this.#state === 'gone') this.#searchEnded();
    if (this.#state !== 'idle') return;
    this.#state = 'searching';
    this.#tell(SEARCH);
  }

  stopSearch(): void {
    if (this.#state === 'searching') {
      this.#state = 'idle';
      this.#tell(STOP_SEARCH);
    }
    this.#searchEnded();
  }

  /** Resolves when the dongle has it. Rejects with a LinkError. */
  command(id: string, text: string): Promise<void> {
    return this.port.send(commandTo(id, text));
  }

  async close(): Promise<void> {
    if (this.#state === 'searching') this.#tell(STOP_SEARCH);
    await this.#closed('the gateway has stopped using the dongle');
  }

  #heard({ func, result, data }: DongleMessage): void {
    this.log.trace({ func, result, data }, 'from the dongle');
    if (func === 'toyData' && this.#state === 'with toy') {
      if (data?.data !== undefined) this.#events.emit('toyData', data.data);
    } else if (func === 'status' && data?.status === CODE.connected) this.#connected(data.id);
    else if (func === 'status' && data?.status === CODE.disconnected) this.#disconnected(data.id);
    else if (func === 'search' && result === CODE.stopped) this.#searchStopped();
    else if (func === 'toyData' && this.#state === 'searching') this.#found(data?.id);
  }

  /** The dongle connects a toy that it has found by itself, as soon as it does not search any more. */
  #found(id: string | undefined): void {
    if (id === undefined) {
      this.stopSearch();
      return;
    }
    this.#state = 'stopping';
    this.#toy = id;
    this.#tell(STOP_SEARCH);
    this.#timer = this.clock.after(STOP_LIMIT_MS, () => this.#searchStopped());
  }

  #searchStopped(): void {
    if (this.#state === 'stopping' && this.#toy !== undefined) this.#withToy();
    else if (this.#state === 'stopping') this.#foundInVain();
    // It has given up by itself.
    else if (this.#state === 'searching') this.#tell(SEARCH);
  }

  #foundInVain(): void {
    this.#timer?.cancel();
    this.#state = 'idle';
    if (this.#isSearchWanted) this.search();
  }

  #connected(id: string | undefined): void {
    if (id === undefined || this.#state === 'gone' || this.#toy === id) return;
    // It has room for one: what it had before went without a word.
    if (this.#state === 'with toy') this.#toyGone('the dongle has another toy');
    if (this.#state === 'searching') this.#tell(STOP_SEARCH);
    this.#toy = id;
    this.#withToy();
  }

  #withToy(): void {
    this.#timer?.cancel();
    this.#state = 'with toy';
    if (this.#isSearchWanted) this.#searchEnded();
    if (this.#toy !== undefined) this.#events.emit('toy', this.#toy);
  }

  /** @param id missing: whichever it has */
  #disconnected(id = this.#toy): void {
    if (id !== this.#toy) return;
    if (this.#state === 'with toy') this.#toyGone('the dongle has lost it');
    // Before it was connected.
    else if (this.#state === 'stopping') this.#toy = undefined;
  }

  #toyGone(reason: string): void {
    this.#state = 'idle';
    this.#toy = undefined;
    this.#events.emit('toyGone', reason);
  }

  #searchEnded(): void {
    this.#isSearchWanted = false;
    this.#events.emit('searchEnded');
  }

  async #closed(reason: string): Promise<void> {
    if (this.#state === 'gone') return;
    const hadToy = this.#state === 'with toy';
    this.#timer?.cancel();
    this.#state = 'gone';
    if (hadToy) this.#events.emit('toyGone', reason);
    if (this.#isSearchWanted) this.#searchEnded();
    this.#events.emit('gone', reason);
    // It may be gone already, and closing fails then.
    await this.port.close().catch(() => {});
  }

  #tell(text: string): void {
    this.port
      .send(text)
      .catch((error: unknown) => this.log.debug(`the dongle took no message: ${describeError(error)}`));
  }
}
