import {
  type Clock,
  describeError,
  type Endpoint,
  type HardwareLink,
  LinkError,
  LinkState,
  type Logger,
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
  readonly on: HardwareLink['on'];
  readonly #state: LinkState;
  #last: Uint8Array = new Uint8Array();

  constructor(
    readonly name: string,
    readonly address: string,
    private readonly handle: HidHandle,
    private readonly clock: Clock,
    log: Logger,
  ) {
    this.#state = new LinkState(name, log);
    this.on = this.#state.on;
    handle.on('data', (report) => this.#heard(Uint8Array.from(report)));
    // What is pulled out is noticed by reading.
    handle.on('error', (error) => this.lose(describeError(error)));
  }

  async write(endpoint: Endpoint, data: Uint8Array): Promise<void> {
    this.#state.assert(endpoint, 'tx');
    const late = () => new LinkError(`${this.name} took no report within ${WRITE_LIMIT_MS} ms`);
    await withDeadline(this.clock, WRITE_LIMIT_MS, this.handle.write(Buffer.from(data)), late).catch(
      (error: unknown) => {
        throw new LinkError(`${this.name} did not take a report: ${describeError(error)}`, { cause: error });
      },
    );
  }

  /** The report that came last, perhaps none. */
  async read(endpoint: Endpoint): Promise<Uint8Array> {
    this.#state.assert(endpoint, 'rx');
    return this.#last;
  }

  async subscribe(endpoint: Endpoint): Promise<void> {
    this.#state.assert(endpoint, 'rx');
    this.#state.subscribe('rx');
  }

  async unsubscribe(endpoint: Endpoint): Promise<void> {
    this.#state.assert(endpoint, 'rx');
    this.#state.unsubscribe('rx');
  }

  async disconnect(): Promise<void> {
    this.lose('disconnected on request');
  }

  /** Harmless when repeated. */
  lose(reason: string): void {
    // It may be gone already, and closing fails then.
    if (this.#state.end(reason)) void this.handle.close().catch(() => {});
  }

  #heard(report: Uint8Array): void {
    this.#last = report;
    this.#state.notify('rx', report);
  }
}
