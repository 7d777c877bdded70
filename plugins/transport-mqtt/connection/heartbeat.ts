import { randomUUID } from 'node:crypto';
import type { Clock, Timer } from 'pulsegate/plugin';

/** Beats in the time after which silence counts. */
const BEATS = 4;

export interface HeartbeatListener {
  /** To be published where it comes back from. */
  send(payload: string): void;
  /** @param everHeard some beat has come back before */
  silent(everHeard: boolean): void;
}

/**
 * Notices a broker that is there but does not answer. What it is asked comes back by way of the broker, like all that matters: the
 * sign of life that MQTT itself has tells only of the connection, and takes longer.
 */
export class Heartbeat implements Disposable {
  /** Nobody else's beats count, whatever they publish. */
  readonly #name = randomUUID();
  readonly #timer: Timer;
  #beat = 0;
  #beatAt: number;
  #heard = 0;
  #heardAt: number;
  /** What came before the answer to this beat may have waited in the socket while this process did not run. */
  #doubtUntil = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limitMs: number,
    private readonly listener: HeartbeatListener,
  ) {
    this.#heardAt = clock.now();
    this.#beatAt = this.#heardAt;
    this.#timer = clock.every(limitMs / BEATS, () => this.#tick());
    this.#send();
  }

  /**
   * Whether what comes now has come now. A machine that slept, or a process that was halted, finds in its socket what others sent
   * meanwhile: no heartbeat tells that from what is fresh before one that was sent since has made its way.
   */
  get isCurrent(): boolean {
    return this.#heard >= this.#doubtUntil && this.clock.now() - this.#beatAt <= this.limitMs;
  }

  heard(payload: string): void {
    const [name, beat] = payload.split('/');
    if (name !== this.#name) return;
    this.#heard = Math.max(this.#heard, Number(beat));
    this.#heardAt = this.clock.now();
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
  }

  get #isSilent(): boolean {
    return this.clock.now() - this.#heardAt > this.limitMs;
  }

  #tick(): void {
    if (this.clock.now() - this.#beatAt > this.limitMs) this.#doubtUntil = this.#beat + 1;
    if (this.#isSilent) this.#lookAgain();
    this.#send();
  }

  #send(): void {
    this.#beat += 1;
    this.#beatAt = this.clock.now();
    this.listener.send(`${this.#name}/${this.#beat}`);
  }

  /** The answer may lie in the socket, unread because this process was busy. */
  #lookAgain(): void {
    this.clock.afterPendingInput(() => {
      if (this.#isSilent) this.listener.silent(this.#heard > 0);
    });
  }
}
