import { type Endpoint, Events, type HardwareLink, LinkError, type LinkEvents } from 'pulsegate/plugin';

/** A port that is open, as much of it as a link needs. */
export interface OpenPort {
  on(event: 'data', listener: (data: Uint8Array) => void): unknown;
  on(event: 'close' | 'error', listener: (error?: Error | null) => void): unknown;
  write(data: Uint8Array, done: (error?: Error | null) => void): unknown;
  close(done: () => void): void;
}

/** One channel each way; what the device sends comes out of rx, whatever the reference server calls it. */
const ENDPOINTS: ReadonlySet<Endpoint> = new Set(['tx', 'rx']);
/** What nobody has read yet; of more, the oldest is forgotten, bytes. */
const MAX_UNREAD = 4096;

/** One device on a serial port. */
export class SerialLink implements HardwareLink {
  readonly kind = 'serial';
  readonly endpoints = ENDPOINTS;
  readonly messageGapMs = 0;
  readonly needsKeepalive = false;
  readonly #events: Events<LinkEvents>;
  #unread: Uint8Array = new Uint8Array();
  #isSubscribed = false;
  #goneBecause: string | undefined;

  constructor(
    readonly address: string,
    private readonly port: OpenPort,
    onListenerError: (error: unknown, event: string) => void,
  ) {
    this.#events = new Events(onListenerError);
    port.on('data', (data) => this.#heard(data));
    port.on('error', (error) => this.lose(error?.message ?? 'the port failed'));
    port.on('close', (error) => this.lose(error?.message ?? 'the port is closed'));
  }

  get name(): string {
    return this.address;
  }

  on<K extends keyof LinkEvents>(event: K, listener: (...args: LinkEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  async write(endpoint: Endpoint, data: Uint8Array): Promise<void> {
    this.#assert(endpoint, 'tx');
    await new Promise<void>((resolve, reject) => {
      const gone = this.#events.on('disconnected', (reason) => reject(this.#gone(reason)));
      this.port.write(data, (error) => {
        gone[Symbol.dispose]();
        if (error) reject(new LinkError(`${this.address} did not take a packet: ${error.message}`));
        else resolve();
      });
    });
  }

  /** What came in since the last read, perhaps nothing. */
  async read(endpoint: Endpoint): Promise<Uint8Array> {
    this.#assert(endpoint, 'rx');
    const unread = this.#unread;
    this.#unread = new Uint8Array();
    return unread;
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
    if (this.#goneBecause !== undefined) return;
    this.lose('disconnected on request');
    await new Promise<void>((resolve) => this.port.close(() => resolve()));
  }

  /** Harmless when repeated. */
  lose(reason: string): void {
    if (this.#goneBecause !== undefined) return;
    this.#goneBecause = reason;
    this.#events.emit('disconnected', reason);
  }

  #heard(data: Uint8Array): void {
    if (this.#isSubscribed) this.#events.emit('notification', 'rx', Uint8Array.from(data));
    else this.#unread = Buffer.concat([this.#unread, data]).subarray(-MAX_UNREAD);
  }

  #assert(endpoint: Endpoint, wanted: Endpoint): void {
    if (this.#goneBecause !== undefined) throw this.#gone(this.#goneBecause);
    if (endpoint !== wanted) throw new LinkError(`${this.address} has no ${endpoint} for that, only ${wanted}`);
  }

  #gone(reason: string): LinkError {
    return new LinkError(`${this.address} is not connected any more: ${reason}`);
  }
}
