import {
  type Clock,
  type Endpoint,
  Events,
  type HardwareLink,
  LinkError,
  type LinkEvents,
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
  readonly #events: Events<LinkEvents>;
  readonly #subscriptions: Disposable[];
  #goneBecause: string | undefined;

  constructor(
    readonly address: string,
    private readonly dongle: Dongle,
    private readonly clock: Clock,
    onListenerError: (error: unknown, event: string) => void,
  ) {
    this.#events = new Events(onListenerError);
    this.#subscriptions = [
      dongle.on('toyData', (text) => this.#events.emit('notification', 'rx', Buffer.from(text))),
      dongle.on('toyGone', (reason) => this.lose(reason)),
    ];
  }

  on<K extends keyof LinkEvents>(event: K, listener: (...args: LinkEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  async write(_endpoint: Endpoint, data: Uint8Array): Promise<void> {
    this.#assertThere();
    const late = () => new LinkError(`the dongle took no message within ${WRITE_LIMIT_MS} ms`);
    const sent = this.dongle.command(this.address, Buffer.from(data).toString('utf8'));
    await withDeadline(this.clock, WRITE_LIMIT_MS, sent, late);
  }

  async read(): Promise<Uint8Array> {
    throw new LinkError(`${this.name} has nothing that can be read`);
  }

  /** What the toy says always comes. */
  async subscribe(): Promise<void> {
    this.#assertThere();
  }

  async unsubscribe(): Promise<void> {
    this.#assertThere();
  }

  /** The dongle keeps its toy. */
  async disconnect(): Promise<void> {
    this.lose('disconnected on request');
  }

  /** Harmless when repeated. */
  lose(reason: string): void {
    if (this.#goneBecause !== undefined) return;
    this.#goneBecause = reason;
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    this.#events.emit('disconnected', reason);
  }

  #assertThere(): void {
    if (this.#goneBecause !== undefined) {
      throw new LinkError(`${this.name} is not connected any more: ${this.#goneBecause}`);
    }
  }
}
