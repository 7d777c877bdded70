import {
  type Clock,
  type Endpoint,
  Events,
  type HardwareLink,
  LinkError,
  type LinkEvents,
  type Timer,
} from 'pulsegate/plugin';
import type { RawData, WebSocket } from 'ws';
import type { Handshake } from './handshake.js';

/** The one channel each way; what the device sends comes out of rx, whatever the reference server calls it. */
const ENDPOINTS: ReadonlySet<Endpoint> = new Set(['tx', 'rx']);
/** A device that leaves so much unread is cut, bytes. */
const MAX_UNREAD = 262_144;

/** One device on a WebSocket, from its handshake on. */
export class WebSocketLink implements HardwareLink {
  readonly kind = 'websocket';
  readonly name: string;
  readonly address: string;
  readonly endpoints = ENDPOINTS;
  readonly messageGapMs = 0;
  readonly needsKeepalive = false;
  readonly #events: Events<LinkEvents>;
  #isSubscribed = false;
  #goneBecause: string | undefined;
  #isAlive = true;
  #beat: Timer;

  constructor(
    private readonly webSocket: WebSocket,
    { identifier, address }: Handshake,
    private readonly clock: Clock,
    private readonly idleMs: number,
    onListenerError: (error: unknown, event: string) => void,
  ) {
    this.name = identifier;
    this.address = address;
    this.#events = new Events(onListenerError);
    this.#beat = this.#nextBeat();
    webSocket.on('message', (data) => this.#heard(data));
    webSocket.on('pong', () => this.#seen());
    webSocket.on('ping', () => this.#seen());
    webSocket.on('close', (code) => this.lose(`the device closed the connection (${code})`));
  }

  on<K extends keyof LinkEvents>(event: K, listener: (...args: LinkEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  async write(endpoint: Endpoint, data: Uint8Array): Promise<void> {
    this.#assert(endpoint, 'tx');
    if (this.webSocket.bufferedAmount > MAX_UNREAD) this.lose('it does not read what it is sent');
    this.#assert(endpoint, 'tx');
    await new Promise<void>((resolve, reject) => {
      this.webSocket.send(data, { binary: true }, (error) => {
        if (error) reject(new LinkError(`${this.name} did not take a packet: ${error.message}`));
        else resolve();
      });
    });
  }

  async read(endpoint: Endpoint): Promise<Uint8Array> {
    throw new LinkError(`${this.name} cannot be read from, also not on ${endpoint}: devices on a WebSocket only send`);
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
    this.webSocket.close(1000, 'not needed any more');
    this.lose('disconnected on request');
  }

  /** It is over, for both ends. Harmless when repeated. */
  lose(reason: string): void {
    if (this.#goneBecause !== undefined) return;
    this.#goneBecause = reason;
    this.#beat.cancel();
    if (this.webSocket.readyState === this.webSocket.OPEN) this.webSocket.terminate();
    this.#events.emit('disconnected', reason);
  }

  #heard(data: RawData): void {
    this.#seen();
    if (this.#isSubscribed) this.#events.emit('notification', 'rx', bytesOf(data));
  }

  #seen(): void {
    this.#isAlive = true;
  }

  /** Two times in a row without a word, also in answer to a ping: nobody is there. */
  #nextBeat(): Timer {
    return this.clock.after(this.idleMs, () => {
      if (!this.#isAlive) {
        this.lose('it gave no sign of life');
        return;
      }
      this.#isAlive = false;
      if (this.webSocket.readyState === this.webSocket.OPEN) this.webSocket.ping(Uint8Array.of(0));
      this.#beat = this.#nextBeat();
    });
  }

  #assert(endpoint: Endpoint, wanted: Endpoint): void {
    if (this.#goneBecause !== undefined) {
      throw new LinkError(`${this.name} is not connected any more: ${this.#goneBecause}`);
    }
    if (endpoint !== wanted) throw new LinkError(`${this.name} has no ${endpoint} for that, only ${wanted}`);
  }
}

/** Text frames are the bytes of their text. */
function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
