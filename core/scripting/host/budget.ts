import type { Clock } from '../../clock.js';

/** So many a second, and as many at once; what is not used is not saved up further. */
export class Budget {
  #left: number;
  #filledAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly perSecond: number,
  ) {
    this.#left = perSecond;
    this.#filledAt = clock.now();
  }

  /** Takes some; false when there are not enough left. */
  spend(amount = 1): boolean {
    const now = this.clock.now();
    this.#left = Math.min(this.perSecond, this.#left + ((now - this.#filledAt) / 1000) * this.perSecond);
    this.#filledAt = now;
    if (this.#left < amount) return false;
    this.#left -= amount;
    return true;
  }
}
