import type { Clock } from 'pulsegate/plugin';

/** One percent lasts this long at full power: slow enough for a long session, fast enough to see it drain. */
const FULL_POWER_MS_PER_PERCENT = 60_000;

/** Charge of a toy. At 0 it stays there and the toy runs on: it is there to try things out. */
export class Battery {
  #charge: number;
  #settledAt: number;

  constructor(
    startPercent: number,
    private readonly clock: Clock,
    /** How long, put together, everything in the toy ran at full power between two times, ms. */
    private readonly work: (since: number, until: number) => number,
  ) {
    this.#charge = startPercent;
    this.#settledAt = clock.now();
  }

  /** Whole percent. */
  get percent(): number {
    this.settle();
    return Math.round(this.#charge);
  }

  /** Takes off what was used so far. Has to be called before the motors change. */
  settle(): void {
    const now = this.clock.now();
    const used = this.work(this.#settledAt, now) / FULL_POWER_MS_PER_PERCENT;
    this.#charge = Math.max(0, this.#charge - used);
    this.#settledAt = now;
  }
}
