import { growingPause } from 'pulsegate/plugin';

/** The first pause between two attempts, ms. */
const FIRST_MS = 500;
/** A broker that says no says so again until somebody changes something there: up to so many times the longest pause. */
const REFUSED_TIMES = 15;
/** The least when somebody else uses our id: whoever comes at once is thrown out at once. It grows too. */
const CONTESTED_MS = 10_000;
const MOST_CONTESTED_MS = 60_000;

/** `refused`: the broker is there and says no. `contested`: another client has our id. */
export type PauseReason = 'away' | 'refused' | 'contested';

/** How long to wait until the next attempt to connect: longer each time, and not the same for all gateways of a home. */
export class Pauses {
  #attempts = 0;
  #contests = 0;

  constructor(
    private readonly mostMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  next(reason: PauseReason): number {
    const spread = 0.5 + this.random() / 2;
    if (reason === 'contested') {
      const least = growingPause(CONTESTED_MS, MOST_CONTESTED_MS, this.#contests);
      this.#contests += 1;
      return least * (spread + 0.5);
    }
    const most = reason === 'refused' ? this.mostMs * REFUSED_TIMES : this.mostMs;
    const grown = growingPause(FIRST_MS, most, this.#attempts);
    this.#attempts += 1;
    return grown * spread;
  }

  /** A connection has lasted. */
  reset(): void {
    this.#attempts = 0;
    this.#contests = 0;
  }
}
