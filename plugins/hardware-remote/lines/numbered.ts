import type { Clock, Timer } from 'pulsegate/plugin';

/** What came over a session's topic: its number, and a frame or the last words. */
export interface Numbered {
  readonly number: number;
  readonly body: string;
}

export interface SequenceListener {
  next(body: string): void;
  /** Something is lost: nothing after this is looked at. */
  missing(): void;
}

/** What a gateway says outside of any session has this number. */
export const OUTSIDE = 0;

/** How far a number may be ahead of the next one. */
const WINDOW = 64;
/** How much may wait, characters. */
const MAX_HELD = 1_048_576;
/** How long what is ahead waits for what is missing, ms. */
const WAIT_MS = 250;

/** A decimal number, a space and something; undefined for anything else. */
export function readNumbered(payload: Buffer): Numbered | undefined {
  const space = payload.indexOf(0x20);
  if (space < 1 || space > 15 || space === payload.length - 1) return undefined;
  const digits = payload.toString('latin1', 0, space);
  return /^(0|[1-9][0-9]*)$/.test(digits)
    ? { number: Number(digits), body: payload.toString('utf8', space + 1) }
    : undefined;
}

/** Puts what is numbered in order, from 1 on: what comes twice counts once, and what does not come is missed. */
export class Sequence {
  readonly #held = new Map<number, string>();
  #next = 1;
  #patience: Timer | undefined;
  #ended = false;

  constructor(
    private readonly clock: Clock,
    private readonly listener: SequenceListener,
  ) {}

  take({ number, body }: Numbered): void {
    if (this.#ended || number < this.#next) return;
    const held = this.#held.values().reduce((sum, { length }) => sum + length, 0);
    if (number - this.#next > WINDOW || held > MAX_HELD) {
      this.#miss();
      return;
    }
    this.#held.set(number, body);
    for (let next = this.#held.get(this.#next); next !== undefined && !this.#ended; next = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      this.#next += 1;
      this.#patience?.cancel();
      this.#patience = undefined;
      this.listener.next(next);
    }
    if (this.#held.size > 0 && !this.#ended) this.#wait();
  }

  end(): void {
    this.#ended = true;
    this.#patience?.cancel();
    this.#held.clear();
  }

  #wait(): void {
    this.#patience ??= this.clock.after(WAIT_MS, () => {
      // What is missing may have arrived, unread because this process was busy.
      this.#patience = this.clock.afterPendingInput(() => this.#miss());
    });
  }

  #miss(): void {
    this.end();
    this.listener.missing();
  }
}
