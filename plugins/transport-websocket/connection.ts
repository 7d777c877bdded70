import type { Socket } from 'node:net';
import type { Clock, CloseReason, Connection, Logger, SessionPort } from 'pulsegate/plugin';
import type { RawData, WebSocket } from 'ws';

export interface WebSocketConnectionOptions {
  readonly id: string;
  readonly remote: string;
  readonly maxBuffered: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Close codes of RFC 6455. */
const CLOSE_CODES: Readonly<Record<CloseReason['kind'], number>> = { normal: 1000, policy: 1008, 'going-away': 1001 };
/** A reason has to fit into the 123 bytes of a control frame, whatever characters it holds. */
const MAX_REASON_CHARACTERS = 40;
/**
 * How long a client that broke a rule is still listened to, ms. What it had sent by then is on its way: the session refuses it by
 * its Id, which nobody may do any more once the close frame is out.
 */
const LINGER_MS = 100;
/** How long a client may take to answer a close frame, ms. */
const CLOSE_TIMEOUT_MS = 2000;

/** One client's WebSocket, as a line for its session. */
export class WebSocketConnection implements Connection {
  readonly id: string;
  readonly remote: string;
  /** Resolves when the socket is gone, with the reason. */
  readonly ended: Promise<string>;
  #session: SessionPort | undefined;
  /** Anything at all came in since the last beat. */
  #alive = true;
  #corked = false;
  #cutBecause: string | undefined;
  #isGoingAway = false;

  constructor(
    private readonly webSocket: WebSocket,
    private readonly socket: Socket,
    private readonly options: WebSocketConnectionOptions,
  ) {
    this.id = options.id;
    this.remote = options.remote;
    this.ended = new Promise((resolve) => {
      webSocket.on('close', (code, reason) => {
        const text = this.#cutBecause ?? (reason.length > 0 ? reason.toString() : `closed (${code})`);
        this.#session?.closed(text);
        resolve(text);
      });
    });
    // A broken socket closes next; a frame that is too large or malformed closes with the code that says so.
    webSocket.on('error', (error) => options.log.debug({ session: this.id }, error.message));
    webSocket.on('pong', () => {
      this.#alive = true;
    });
  }

  /** It was the gateway that ended it, because it ends itself. */
  get isGoingAway(): boolean {
    return this.#isGoingAway;
  }

  get bufferedBytes(): number {
    return this.webSocket.bufferedAmount;
  }

  attach(session: SessionPort): void {
    this.#session = session;
    // Binary frames are not part of the protocol; they are read as text and answered as what that turns out to be.
    this.webSocket.on('message', (data) => {
      this.#alive = true;
      this.#cork();
      session.receive(readText(data));
    });
    this.webSocket.on('ping', () => {
      this.#alive = true;
    });
  }

  send(text: string): void {
    const { webSocket, options } = this;
    if (webSocket.readyState !== webSocket.OPEN) return;
    webSocket.send(text);
    if (webSocket.bufferedAmount > options.maxBuffered) this.terminate('reads too slowly');
  }

  close(reason: CloseReason): void {
    this.#isGoingAway ||= reason.kind === 'going-away';
    if (reason.kind !== 'policy') {
      this.#sendClose(reason);
      return;
    }
    const linger = this.options.clock.after(LINGER_MS, () => this.#sendClose(reason));
    void this.ended.then(() => linger.cancel());
  }

  /** Cuts the line without waiting for the other end. */
  terminate(reason: string): void {
    if (this.webSocket.readyState === this.webSocket.CLOSED) return;
    this.options.log.debug({ session: this.id }, `cut: ${reason}`);
    this.#cutBecause = reason;
    this.#session?.closed(reason);
    this.webSocket.terminate();
  }

  /** Asks for a sign of life; cuts the line when there was none since the last time. */
  beat(): void {
    if (!this.#alive) {
      this.terminate('gave no sign of life');
      return;
    }
    this.#alive = false;
    if (this.webSocket.readyState === this.webSocket.OPEN) this.webSocket.ping();
  }

  #sendClose({ kind, text }: CloseReason): void {
    this.webSocket.close(CLOSE_CODES[kind], text.slice(0, MAX_REASON_CHARACTERS));
    // A client that missed its ping is not going to answer the close either.
    const deadline = this.options.clock.after(CLOSE_TIMEOUT_MS, () => this.terminate('did not answer the close'));
    void this.ended.then(() => deadline.cancel());
  }

  /** Replies to frames that arrived together leave together: one system call instead of one each. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.socket.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.socket.uncork();
    });
  }
}

function readText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : data.toString('utf8');
}
