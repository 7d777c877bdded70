import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock, Timer } from 'pulsegate/plugin';
import { Framing } from './framing.js';
import type { Reason } from './refusals.js';

export interface LineLimits {
  readonly maxPacketBytes: number;
  readonly maxBufferedBytes: number;
  /** A packet that has begun has to be complete within this time, ms. */
  readonly packetTimeoutMs: number;
}

/** Bytes waiting for the client at which what can wait does. */
const CONGESTED_BYTES = 262_144;
/**
 * What the broker gets to see of one client before the others have their turn, bytes. It works through all of it at once, and
 * a flood of the smallest packets would keep everybody waiting, stops included.
 */
const TURN_BYTES = 8192;
/** How often the system asks a silent peer whether it is still there, ms. */
const KEEP_ALIVE_MS = 30_000;

/**
 * A client's socket, as the broker sees it. Holds what a client may send and what it may leave unread. The broker is never made
 * to wait for a client that reads slowly: it would wait with everybody else's messages, too.
 */
export class GuardedLine extends Duplex {
  readonly remote: string;
  readonly #framing: Framing;
  #isReading = false;
  /** Read from the socket, and not passed on yet. */
  #waiting: Buffer = Buffer.alloc(0);
  #turn: NodeJS.Immediate | undefined;
  #isHeldBack = true;
  #packetTimer: Timer | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly limits: LineLimits,
    private readonly clock: Clock,
    private readonly onCut: (reason: Reason, text: string) => void,
  ) {
    super({ allowHalfOpen: false, readableHighWaterMark: TURN_BYTES, writableHighWaterMark: limits.maxBufferedBytes });
    this.remote = `${socket.remoteAddress}:${socket.remotePort}`;
    this.#framing = new Framing(limits.maxPacketBytes);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    // Without its error: how a socket breaks is not the broker's business, and nobody may be listening yet.
    socket.on('error', () => this.destroy());
    socket.on('close', () => this.destroy());
    socket.on('drain', () => this.emit('roomy'));
  }

  /** Resolves at once, or when the client has read on, or is gone. */
  async whenRoomy(): Promise<void> {
    if (this.destroyed || this.socket.writableLength < CONGESTED_BYTES) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.off('roomy', done).off('close', done);
        resolve();
      };
      this.on('roomy', done).on('close', done);
    });
  }

  cut(reason: Reason, text: string): void {
    if (this.destroyed) return;
    this.onCut(reason, text);
    this.destroy();
  }

  override _read(): void {
    if (!this.#isReading) {
      this.#isReading = true;
      this.socket.on('data', (bytes) => this.#take(bytes));
      this.socket.on('end', () => this.push(null));
    }
    if (this.#waiting.length === 0) {
      this.#isHeldBack = false;
      this.socket.resume();
      return;
    }
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.#passOn();
    });
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.socket.write(bytes);
    this.#afterWriting(done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.socket.cork();
    for (const { chunk } of chunks) this.socket.write(chunk);
    this.socket.uncork();
    this.#afterWriting(done);
  }

  override _final(done: () => void): void {
    this.socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#packetTimer?.cancel();
    clearImmediate(this.#turn);
    this.socket.destroy();
    done(error);
  }

  #take(bytes: Buffer): void {
    if (this.destroyed) return;
    const packetBefore = this.#framing.packets;
    const fault = this.#framing.feed(bytes);
    if (fault) {
      const sent = fault === 'malformed' ? 'something that is not MQTT' : 'a packet that is too large';
      this.cut(fault, `${this.remote} sent ${sent}`);
      return;
    }
    if (this.#framing.isIdle || this.#framing.packets !== packetBefore) this.#forgetPacket();
    if (!this.#framing.isIdle) this.#watchPacket();
    // Paused, so that nothing comes, and no end, before this has been passed on.
    this.#isHeldBack = true;
    this.socket.pause();
    this.#waiting = bytes;
    this.#passOn();
  }

  #passOn(): void {
    const piece = this.#waiting.subarray(0, TURN_BYTES);
    this.#waiting = this.#waiting.subarray(TURN_BYTES);
    this.push(piece);
  }

  #watchPacket(): void {
    this.#packetTimer ??= this.clock.after(this.limits.packetTimeoutMs, () => {
      this.#packetTimer = undefined;
      // What a client is kept from sending is not late.
      if (this.#isHeldBack) this.#watchPacket();
      else this.cut('packet-timeout', `${this.remote} did not send the rest of a packet`);
    });
  }

  #forgetPacket(): void {
    this.#packetTimer?.cancel();
    this.#packetTimer = undefined;
  }

  #afterWriting(done: () => void): void {
    done();
    if (this.socket.writableLength <= this.limits.maxBufferedBytes) return;
    this.cut('reads-too-slowly', `${this.remote} does not read what it subscribed to`);
  }
}
