/**
 * Random numbers that are the same on every run (the generator is known as mulberry32). Each use has a stream of its own, so that
 * more traffic on one device does not change what another one loses.
 */
export class Random {
  #state: number;

  constructor(seed: number, stream: string) {
    this.#state = seed | 0;
    for (const letter of stream) this.#state = Math.imul(this.#state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }

  /** 0 up to, but not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** True in this share of cases. Always takes one number, so that changing one rate leaves the rest of the run alone. */
  chance(share: number): boolean {
    return this.next() < share;
  }
}
