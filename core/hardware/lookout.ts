import type { Clock, Timer } from '../clock.js';

/** Looks for hardware again and again: one look at a time, and a pause after each. */
export class Lookout {
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #timer: Timer | undefined;
  #isResting = false;
  #isClosed = false;

  /**
   * @param pauseMs between two looks
   * @param look takes care of its own failures: it never rejects
   */
  constructor(
    private readonly clock: Clock,
    private readonly pauseMs: number,
    private readonly look: () => Promise<void>,
  ) {}

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Looks without waiting for the pause to end. Resolves when a look is over that began after this call. */
  now(): Promise<void> {
    this.#isResting = this.#isClosed;
    this.#next ??= this.#last.then(() => this.#look());
    this.#last = this.#next;
    return this.#next;
  }

  /** Does not look until it is told to. Harmless when repeated. */
  rest(): void {
    this.#isResting = true;
    this.#timer?.cancel();
  }

  /** Does not look any more, whatever it is told. Resolves when the look that is under way is over. Harmless when repeated. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.rest();
    await this.#last;
  }

  async #look(): Promise<void> {
    this.#next = undefined;
    if (this.#isResting) return;
    this.#timer?.cancel();
    await this.look();
    if (!this.#isResting) this.#timer = this.clock.after(this.pauseMs, () => void this.now());
  }
}
