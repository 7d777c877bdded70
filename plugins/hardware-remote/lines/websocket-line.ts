import { type Clock, describeError, LinkError } from 'pulsegate/plugin';
import { WebSocket } from 'ws';
import type { LineListener, RemoteLine, Way } from './line.js';

export interface WebSocketWayOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly specs: Way['specs'];
  readonly maxPayload: number;
  readonly clock: Clock;
}

/** A remote that leaves this much unread does not keep up, bytes. */
const MAX_BUFFERED = 1_048_576;
/** How long a remote may take to answer a close frame, ms. */
const CLOSE_TIMEOUT_MS = 1000;

/** A Buttplug server that listens on a WebSocket address. */
export class WebSocketWay implements Way {
  readonly address: string;
  readonly specs: Way['specs'];

  constructor(private readonly options: WebSocketWayOptions) {
    const { protocol, host, pathname } = new URL(options.url);
    this.address = `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
    this.specs = options.specs;
  }

  open(listener: LineListener, signal: AbortSignal): Promise<RemoteLine> {
    const { url, token, maxPayload, clock } = this.options;
    const webSocket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload,
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    });
    return new Promise((resolve, reject) => {
      const abort = () => {
        webSocket.terminate();
        reject(signal.reason);
      };
      const settled = () => signal.removeEventListener('abort', abort);
      signal.addEventListener('abort', abort, { once: true });
      webSocket.once('open', () => {
        settled();
        resolve(new WebSocketLine(webSocket, listener, clock));
      });
      // Also what happens later: an error that nobody hears ends the process.
      webSocket.on('error', (error) => {
        settled();
        reject(new LinkError(`${this.address} is not reachable: ${describeError(error)}`));
      });
    });
  }
}

class WebSocketLine implements RemoteLine {
  #closed = false;

  constructor(
    private readonly webSocket: WebSocket,
    private readonly listener: LineListener,
    private readonly clock: Clock,
  ) {
    webSocket.on('message', (data, isBinary) => {
      if (this.#closed) return;
      if (isBinary) this.close('it sent a binary frame');
      else listener.frame(data.toString());
    });
    webSocket.on('pong', () => {
      if (!this.#closed) listener.alive();
    });
    webSocket.on('error', (error) => this.#lost(describeError(error)));
    webSocket.on('close', (code, reason) => this.#lost(reason.length > 0 ? reason.toString() : `closed (${code})`));
  }

  send(text: string): void {
    const { webSocket } = this;
    if (this.#closed) return;
    webSocket.send(text);
    if (webSocket.bufferedAmount > MAX_BUFFERED) {
      webSocket.terminate();
      this.#lost('it does not take what is sent to it');
    }
  }

  beat(): void {
    if (!this.#closed && this.webSocket.readyState === this.webSocket.OPEN) this.webSocket.ping();
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.webSocket.close(1000);
    const deadline = this.clock.after(CLOSE_TIMEOUT_MS, () => this.webSocket.terminate());
    this.webSocket.once('close', () => deadline.cancel());
    this.#lost(reason);
  }

  #lost(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.listener.closed(reason);
  }
}
