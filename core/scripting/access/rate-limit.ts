import type { Clock } from '../../clock.js';

/** Sums of fractions are never exact, ms. */
const TOLERANCE_MS = 0.5;

/** So many a minute: all of them at once, and then one whenever the next is due. */
export class RateLimit {
  readonly #intervalMs: number;
  readonly #aheadMs: number;
  /** When all that was taken has come due. */
  #dueAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    perMinute: number,
  ) {
    this.#intervalMs = 60_000 / perMinute;
    this.#aheadMs = (perMinute - 1) * this.#intervalMs;
  }

  /** Takes one, or returns how long to wait for the next, ms; 0 when it was taken. */
  take(): number {
    const now = this.clock.now();
    const dueAt = Math.max(this.#dueAt, now);
    const waitMs = dueAt - now - this.#aheadMs;
    if (waitMs > TOLERANCE_MS) return waitMs;
    this.#dueAt = dueAt + this.#intervalMs;
    return 0;
  }
}
