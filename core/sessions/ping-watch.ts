import type { Clock, Timer } from '../clock.js';

/**
 * Holds a client to its ping time. A ping only moves the deadline; one timer per session looks at it when it was due, so a
 * message costs no timer.
 */
export class PingWatch {
  #deadline = Number.POSITIVE_INFINITY;
  #timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    /** ms; 0 for no watch. */
    readonly limitMs: number,
    private readonly onMissed: () => void,
  ) {}

  /** Starts the first period, and every later one. */
  ping(): void {
    if (this.limitMs === 0) return;
    this.#deadline = this.clock.now() + this.limitMs;
    this.#timer ??= this.clock.after(this.limitMs, () => this.#look());
  }

  end(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #look(): void {
    const left = this.#deadline - this.clock.now();
    if (left > 0) {
      this.#timer = this.clock.after(Math.max(left, 1), () => this.#look());
      return;
    }
    // A ping may already lie in the socket, unread because this process was busy: that is not the client's fault.
    this.#timer = this.clock.afterPendingInput(() => {
      this.#timer = undefined;
      if (this.#deadline > this.clock.now())
        this.#timer = this.clock.after(this.#deadline - this.clock.now(), () => this.#look());
      else this.onMissed();
    });
  }
}
