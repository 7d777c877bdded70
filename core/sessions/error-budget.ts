import type { Clock } from '../clock.js';

/** A burst is this many seconds' worth. */
const BURST_SECONDS = 10;

/** How many bad messages a client may send before it counts as flooding: a steady rate, and ten times that in a burst. */
export class ErrorBudget {
  #left: number;
  #filledAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly perSecond: number,
  ) {
    this.#left = perSecond * BURST_SECONDS;
    this.#filledAt = clock.now();
  }

  /** Takes one; false when there is none left. */
  spend(): boolean {
    const now = this.clock.now();
    this.#left = Math.min(
      this.#left + ((now - this.#filledAt) / 1000) * this.perSecond,
      this.perSecond * BURST_SECONDS,
    );
    this.#filledAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
