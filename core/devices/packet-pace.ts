import type { Clock } from '../clock.js';

/**
 * How soon a packet may follow the one before, for devices that lose packets which come too closely. The pauses, in ms, are
 * those between the packets of a row; after so long as the longest of them, a new row begins.
 */
export class PacketPace {
  #inRow = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  readonly #longestMs: number;

  constructor(
    private readonly gapsMs: readonly number[],
    private readonly clock: Clock,
  ) {
    this.#longestMs = Math.max(0, ...gapsMs);
  }

  /** How long the next packet has to wait, ms; 0 or less when it may go. */
  get waitMs(): number {
    if (this.#longestMs === 0) return 0;
    const since = this.clock.now() - this.#lastAt;
    if (since >= this.#longestMs) return 0;
    return (this.gapsMs[this.#inRow - 1] ?? this.#longestMs) - since;
  }

  /** The hardware took a packet, or failed to. */
  wrote(): void {
    if (this.#longestMs === 0) return;
    const now = this.clock.now();
    this.#inRow = now - this.#lastAt >= this.#longestMs ? 1 : this.#inRow + 1;
    this.#lastAt = now;
  }
}
