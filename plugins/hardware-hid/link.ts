import {
  type Clock,
  describeError,
  type Endpoint,
  Events,
  type HardwareLink,
  LinkError,
  type LinkEvents,
  withDeadline,
} from 'pulsegate/plugin';
import type { HidHandle } from './hid-library.js';

const ENDPOINTS: ReadonlySet<Endpoint> = new Set(['tx', 'rx']);
/** Longest that a report may take to be taken, ms. */
const WRITE_LIMIT_MS = 1_000;

/** One HID device that is open. Packets are reports: the first byte is the number of the report. */
export class HidLink implements HardwareLink {
  readonly kind = 'hid';
  readonly endpoints = ENDPOINTS;
  readonly messageGapMs = 0;
  readonly needsKeepalive = false;
  readonly #events: Events<LinkEvents>;
  #isSubscribed = false;
  #last: Uint8Array = new Uint8Array();
  #goneBecause: string | undefined;

  constructor(
    readonly name: string,
    readonly address: string,
    private readonly handle: HidHandle,
    private readonly clock: Clock,
    onListenerError: (error: unknown, event: string) => void,
  ) {
    this.#events = new Events(onListenerError);
    handle.on('data', (report) => this.#heard(Uint8Array.from(report)));
    // What is pulled out is noticed by reading.
    handle.on('error', (error) => this.lose(describeError(error)));
  }

  on<K extends keyof LinkEvents>(event: K, listener: (...args: LinkEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  async write(endpoint: Endpoint, data: Uint8Array): Promise<void> {
    this.#assert(endpoint, 'tx');
    const late = () => new LinkError(`${this.name} took no report within ${WRITE_LIMIT_MS} ms`);
    await withDeadline(this.clock, WRITE_LIMIT_MS, this.handle.write(Buffer.from(data)), late).catch(
      (error: unknown) => {
        throw new LinkError(`${this.name} did not take a report: ${describeError(error)}`, { cause: error });
      },
    );
  }

  /** The report that came last, perhaps none. */
  async read(endpoint: Endpoint): Promise<Uint8Array> {
    this.#assert(endpoint, 'rx');
    return this.#last;
  }

  async subscribe(endpoint: Endpoint): Promise<void> {
    this.#assert(endpoint, 'rx');
    this.#isSubscribed = true;
  }

  async unsubscribe(endpoint: Endpoint): Promise<void> {
    this.#assert(endpoint, 'rx');
    this.#isSubscribed = false;
  }

  async disconnect(): Promise<void> {
    this.lose('disconnected on request');
  }

  /** Harmless when repeated. */
  lose(reason: string): void {
    if (this.#goneBecause !== undefined) return;
    this.#goneBecause = reason;
    // It may be gone already, and closing fails then.
    void this.handle.close().catch(() => {});
    this.#events.emit('disconnected', reason);
  }

  #heard(report: Uint8Array): void {
    this.#last = report;
    if (this.#isSubscribed) this.#events.emit('notification', 'rx', report);
  }

  #assert(endpoint: Endpoint, wanted: Endpoint): void {
    if (this.#goneBecause !== undefined) {
      throw new LinkError(`${this.name} is not connected any more: ${this.#goneBecause}`);
    }
    if (endpoint !== wanted) throw new LinkError(`${this.name} has no ${endpoint} for that, only ${wanted}`);
  }
}
