import { growingPause } from '../growing-pause.js';

export interface BackoffOptions {
  readonly firstMs: number;
  readonly mostMs: number;
  /** How many failures in a row cost no wait. */
  readonly free: number;
}

/** How long to wait before trying again: twice as long after every failure. */
export class Backoff {
  #failures = 0;
  #isDue = true;

  constructor(private readonly options: BackoffOptions) {}

  get failures(): number {
    return this.#failures;
  }

  /** 0: now. */
  get delayMs(): number {
    return this.#isDue ? 0 : this.waitMs;
  }

  /** The wait that the failures so far have earned, ms. */
  get waitMs(): number {
    const { firstMs, mostMs, free } = this.options;
    const counted = this.#failures - free;
    return counted <= 0 ? 0 : growingPause(firstMs, mostMs, counted - 1);
  }

  failed(): void {
    this.#failures += 1;
    this.#isDue = false;
  }

  waited(): void {
    this.#isDue = true;
  }

  reset(): void {
    this.#failures = 0;
    this.#isDue = true;
  }
}
