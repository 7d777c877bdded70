import {
  type Clock,
  type Endpoint,
  type HardwareLink,
  LinkError,
  LinkState,
  type Logger,
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
  readonly on: HardwareLink['on'];
  readonly #state: LinkState;
  #isAlive = true;
  #beat: Timer;

  constructor(
    private readonly webSocket: WebSocket,
    { identifier, address }: Handshake,
    private readonly clock: Clock,
    private readonly idleMs: number,
    log: Logger,
  ) {
    this.name = identifier;
    this.address = address;
    this.#state = new LinkState(identifier, log);
    this.on = this.#state.on;
    this.#beat = this.#nextBeat();
    webSocket.on('message', (data) => this.#heard(data));
    webSocket.on('pong', () => this.#seen());
    webSocket.on('ping', () => this.#seen());
    webSocket.on('close', (code) => this.lose(`the device closed the connection (${code})`));
  }

  async write(endpoint: Endpoint, data: Uint8Array): Promise<void> {
    this.#state.assert(endpoint, 'tx');
    if (this.webSocket.bufferedAmount > MAX_UNREAD) this.lose('it does not read what it is sent');
    this.#state.assert(endpoint, 'tx');
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
    this.#state.assert(endpoint, 'rx');
    this.#state.subscribe('rx');
  }

  async unsubscribe(endpoint: Endpoint): Promise<void> {
    this.#state.assert(endpoint, 'rx');
    this.#state.unsubscribe('rx');
  }

  async disconnect(): Promise<void> {
    this.webSocket.close(1000, 'not needed any more');
    this.lose('disconnected on request');
  }

  /** It is over, for both ends. Harmless when repeated. */
  lose(reason: string): void {
    if (!this.#state.end(reason)) return;
    this.#beat.cancel();
    if (this.webSocket.readyState === this.webSocket.OPEN) this.webSocket.terminate();
  }

  #heard(data: RawData): void {
    this.#seen();
    this.#state.notify('rx', bytesOf(data));
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
}

/** Text frames are the bytes of their text. */
function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
