import {
  type Clock,
  type Endpoint,
  type HardwareLink,
  LinkError,
  LinkState,
  type Logger,
  withDeadline,
} from 'pulsegate/plugin';
import type { Dongle } from './dongle.js';

const ENDPOINTS: ReadonlySet<Endpoint> = new Set(['tx', 'rx']);
/** Facts: protocols/lovense-dongle, "The device". */
const MESSAGE_GAP_MS = 75;
/** Longest that the dongle may take to take a message, ms. */
const WRITE_LIMIT_MS = 2_500;

/** A toy behind a dongle: it speaks as it does over Bluetooth. */
export class DongleLink implements HardwareLink {
  readonly kind = 'bluetooth';
  readonly name = 'Lovense Dongle Device';
  readonly endpoints = ENDPOINTS;
  readonly messageGapMs = MESSAGE_GAP_MS;
  readonly needsKeepalive = false;
  readonly on: HardwareLink['on'];
  readonly #state: LinkState;
  readonly #subscriptions: Disposable[];

  constructor(
    readonly address: string,
    private readonly dongle: Dongle,
    private readonly clock: Clock,
    log: Logger,
  ) {
    this.#state = new LinkState(this.name, log);
    this.on = this.#state.on;
    // What the toy says always comes.
    this.#state.subscribe('rx');
    this.#subscriptions = [
      dongle.on('toyData', (text) => this.#state.notify('rx', Buffer.from(text))),
      dongle.on('toyGone', (reason) => this.lose(reason)),
    ];
  }

  async write(_endpoint: Endpoint, data: Uint8Array): Promise<void> {
    this.#state.assertThere();
    const late = () => new LinkError(`the dongle took no message within ${WRITE_LIMIT_MS} ms`);
    const sent = this.dongle.command(this.address, Buffer.from(data).toString('utf8'));
    await withDeadline(this.clock, WRITE_LIMIT_MS, sent, late);
  }

  async read(): Promise<Uint8Array> {
    throw new LinkError(`${this.name} has nothing that can be read`);
  }

  async subscribe(): Promise<void> {
    this.#state.assertThere();
  }

  async unsubscribe(): Promise<void> {
    this.#state.assertThere();
  }

  /** The dongle keeps its toy. */
  async disconnect(): Promise<void> {
    this.lose('disconnected on request');
  }

  /** Harmless when repeated. */
  lose(reason: string): void {
    if (this.#state.end(reason)) for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
  }
}
