import {
  type Clock,
  describeError,
  type Endpoint,
  type HardwareLink,
  LinkError,
  LinkState,
  type Logger,
  type SerialPort,
  withDeadline,
} from 'pulsegate/plugin';

/** One channel each way; what the device sends comes out of rx, whatever the reference server calls it. */
const ENDPOINTS: ReadonlySet<Endpoint> = new Set(['tx', 'rx']);
/** What nobody has read yet; of more, the oldest is forgotten, bytes. */
const MAX_UNREAD = 4096;
/** Longest that the system may take to take a packet: it keeps some for the device, and has no room when that hangs, ms. */
const WRITE_LIMIT_MS = 2_500;
/** Of more that has not been taken, no packet is added, bytes. */
const MAX_UNTAKEN = 65_536;
/** Longest that packets on their way are waited for before the port is closed: the last of them may be a stop, ms. */
const DRAIN_LIMIT_MS = 500;

export interface SerialLinkParts {
  readonly address: string;
  /** What the address leads to. */
  readonly realPath: string;
  readonly port: SerialPort;
  readonly clock: Clock;
  readonly log: Logger;
}

/** One device on a serial port. */
export class SerialLink implements HardwareLink {
  readonly kind = 'serial';
  readonly endpoints = ENDPOINTS;
  readonly messageGapMs = 0;
  readonly needsKeepalive = false;
  readonly on: HardwareLink['on'];
  readonly address: string;
  readonly realPath: string;
  readonly #parts: SerialLinkParts;
  readonly #state: LinkState;
  readonly #closed = Promise.withResolvers<void>();
  #unread: Uint8Array = new Uint8Array();
  #hasForgotten = false;
  #ending: Promise<void> | undefined;

  constructor(parts: SerialLinkParts) {
    const { address, realPath, port, log } = parts;
    this.#parts = parts;
    this.address = address;
    this.realPath = realPath;
    this.#state = new LinkState(address, log);
    this.on = this.#state.on;
    port.onData((data) => this.#heard(data));
    port.onGone((reason) => void this.lose(reason));
  }

  /** Resolves when the port is free for others. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  get name(): string {
    return this.address;
  }

  async write(endpoint: Endpoint, data: Uint8Array): Promise<void> {
    this.#state.assert(endpoint, 'tx');
    const { port, clock } = this.#parts;
    if (port.untaken > MAX_UNTAKEN) throw new LinkError(`${this.name} has not taken what it was sent before`);
    let isLate = false;
    const late = () => {
      isLate = true;
      return new LinkError(`${this.name} took no packet within ${WRITE_LIMIT_MS} ms`);
    };
    try {
      await withDeadline(clock, WRITE_LIMIT_MS, this.#state.whileThere(port.write(data)), late);
    } catch (error) {
      // What waits is out of date, and the device may not get it when it goes on.
      if (isLate) void this.lose(`it took no packet within ${WRITE_LIMIT_MS} ms`);
      if (error instanceof LinkError) throw error;
      throw new LinkError(`${this.name} did not take a packet: ${describeError(error)}`, { cause: error });
    }
  }

  /** What came in since the last read, perhaps nothing. */
  async read(endpoint: Endpoint): Promise<Uint8Array> {
    this.#state.assert(endpoint, 'rx');
    const unread = this.#unread;
    this.#unread = new Uint8Array();
    return unread;
  }

  async subscribe(endpoint: Endpoint): Promise<void> {
    this.#state.assert(endpoint, 'rx');
    this.#state.subscribe('rx');
  }

  async unsubscribe(endpoint: Endpoint): Promise<void> {
    this.#state.assert(endpoint, 'rx');
    this.#state.unsubscribe('rx');
  }

  disconnect(): Promise<void> {
    this.#ending ??= this.#drained().then((isDrained) => this.#end('disconnected on request', isDrained));
    return this.#ending;
  }

  /** Over at once, whatever is under way. Resolves when the port is closed. Harmless when repeated. */
  lose(reason: string): Promise<void> {
    return this.#end(reason, false);
  }

  async #end(reason: string, isDrained: boolean): Promise<void> {
    if (this.#state.end(reason)) this.#closed.resolve(this.#parts.port.close(isDrained));
    await this.closed;
  }

  /** Whether all that was sent is on the wire, as far as that is worth waiting for. */
  async #drained(): Promise<boolean> {
    const { port, clock, log } = this.#parts;
    if (this.#state.gone.aborted) return false;
    const late = () => new LinkError(`${this.name} has not got all that it was sent`);
    try {
      await withDeadline(clock, DRAIN_LIMIT_MS, this.#state.whileThere(port.drain()), late);
      return true;
    } catch (error) {
      log.debug({ port: this.address }, describeError(error));
      return false;
    }
  }

  #heard(data: Uint8Array): void {
    if (this.#state.notify('rx', Uint8Array.from(data))) return;
    const all = Buffer.concat([this.#unread, data]);
    this.#unread = all.subarray(-MAX_UNREAD);
    if (all.length <= MAX_UNREAD || this.#hasForgotten) return;
    this.#hasForgotten = true;
    this.#parts.log.info(`${this.name} says what nobody reads; the last ${MAX_UNREAD} bytes of it are kept`);
  }
}
