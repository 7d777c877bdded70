import {
  type Advertisement,
  type Clock,
  type Discovery,
  type HardwareLink,
  type HardwareManager,
  LinkError,
  type Logger,
  ManagerState,
} from 'pulsegate/plugin';
import type { WebSocket } from 'ws';
import type { WebSocketHardwareConfig } from './config.js';
import { type Handshake, readHandshake } from './handshake.js';
import { WebSocketLink } from './link.js';

/** Close codes of RFC 6455: the device broke a rule. */
const POLICY = 1008;
const GOING_AWAY = 1001;
/** Whoever wants a device connects to it at once; one that nobody wants by then is turned away, ms. */
const UNWANTED_MS = 250;

/** Devices come to it, at any time; there is nothing to scan for. */
export class WebSocketManager implements HardwareManager {
  readonly name = 'websocket';
  readonly on: HardwareManager['on'];
  readonly #state: ManagerState<WebSocketLink>;
  readonly #waiting = new Set<WebSocket>();

  constructor(
    private readonly config: WebSocketHardwareConfig,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.#state = new ManagerState(log);
    this.on = this.#state.on;
  }

  get connections(): number {
    return this.#waiting.size + this.#state.links.length;
  }

  /** Devices call by themselves. */
  async startScanning(): Promise<void> {
    this.#state.scanFinished();
  }

  async stopScanning(): Promise<void> {}

  /** A socket that nothing was said on yet. */
  accept(webSocket: WebSocket, remote: string): void {
    this.#waiting.add(webSocket);
    const refuse = (reason: string) => {
      this.log.debug({ remote }, `turned away: ${reason}`);
      webSocket.close(POLICY, reason);
    };
    const patience = this.clock.after(this.config.handshakeTimeout, () => refuse('it did not say what it is'));
    webSocket.on('error', (error) => this.log.debug({ remote }, error.message));
    webSocket.once('close', () => {
      patience.cancel();
      this.#waiting.delete(webSocket);
    });
    webSocket.once('message', (data, isBinary) => {
      patience.cancel();
      const handshake = isBinary ? undefined : readHandshake(data.toString());
      if (handshake) this.#discovered(webSocket, handshake, refuse);
      else refuse('the first frame is {"identifier": text, "address": text, "version": number}');
    });
  }

  /** Ends every connection. */
  close(): void {
    for (const webSocket of this.#waiting) webSocket.close(GOING_AWAY, 'the gateway ends');
    for (const link of this.#state.links) link.lose('the gateway ends');
  }

  #discovered(webSocket: WebSocket, handshake: Handshake, refuse: (reason: string) => void): void {
    const { identifier: name, address } = handshake;
    const unwanted = this.clock.after(UNWANTED_MS, () => {
      refuse('no protocol knows this identifier, or the device is connected already');
    });
    webSocket.once('close', () => unwanted.cancel());
    const advertisement: Advertisement = { kind: 'websocket', name, address };
    let isTaken = false;
    const discovery: Discovery = {
      advertisement,
      connect: async (): Promise<HardwareLink> => {
        if (isTaken || webSocket.readyState !== webSocket.OPEN) {
          throw new LinkError(`${name} is gone; it will call again by itself`);
        }
        isTaken = true;
        unwanted.cancel();
        return this.#link(webSocket, handshake);
      },
    };
    this.#state.discovered(discovery);
  }

  #link(webSocket: WebSocket, handshake: Handshake): WebSocketLink {
    const { clock, config, log } = this;
    this.#waiting.delete(webSocket);
    return this.#state.keep(new WebSocketLink(webSocket, handshake, clock, config.idleTimeout, log));
  }
}
