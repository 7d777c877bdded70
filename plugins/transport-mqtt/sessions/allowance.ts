import type { Clock } from 'pulsegate/plugin';

/** So many at once, and so many a second after that. */
export class Allowance {
  #left: number;
  #filledAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly burst: number,
    private readonly perSecond: number,
  ) {
    this.#left = burst;
    this.#filledAt = clock.now();
  }

  /** Takes one; false when there is none left. */
  spend(): boolean {
    const now = this.clock.now();
    this.#left = Math.min(this.#left + ((now - this.#filledAt) / 1000) * this.perSecond, this.burst);
    this.#filledAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
