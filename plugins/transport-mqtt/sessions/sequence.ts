/** As much of a clock as a sequence needs. The gateway and the connector share this file; it imports nothing. */
export interface SequenceClock {
  /** Runs `task` once after `delayMs`. */
  after(delayMs: number, task: () => void): { cancel(): void };
  /** Runs `task` once the input that is already waiting has been read. */
  afterPendingInput(task: () => void): { cancel(): void };
}

export interface SequenceListener {
  /** The next payload. Each number comes once, in order, without a gap. */
  next(payload: Buffer, number: number): void;
  /** Something is lost: no payload after this is looked at. */
  missing(): void;
}

/** `taken`: handed on. `held`: a number before it is still to come. `repeated`: it was here before. `lost`: there is no hope. */
export type Taken = 'taken' | 'held' | 'repeated' | 'lost';

/** How far a number may be ahead of the next one. */
export const WINDOW = 64;
/** How long what is ahead waits for what is missing, ms. */
export const WAIT_MS = 250;
/** How much may wait, bytes. */
export const MAX_HELD_BYTES = 1_048_576;

/** Puts numbered payloads in order, from 1 on. What comes in order is handed on at once and costs nothing. */
export class Sequence {
  #next = 1;
  readonly #held = new Map<number, Buffer>();
  #heldBytes = 0;
  #timer: { cancel(): void } | undefined;
  #isOver = false;

  constructor(
    private readonly clock: SequenceClock,
    private readonly listener: SequenceListener,
  ) {}

  take(number: number, payload: Buffer): Taken {
    if (this.#isOver) return 'lost';
    if (number < this.#next || this.#held.has(number)) return 'repeated';
    if (number > this.#next) return this.#hold(number, payload);
    this.#handOn(number, payload);
    if (this.#held.size > 0) this.#handOnHeld();
    return 'taken';
  }

  end(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#held.clear();
  }

  #hold(number: number, payload: Buffer): Taken {
    this.#heldBytes += payload.length;
    if (number - this.#next > WINDOW || this.#heldBytes > MAX_HELD_BYTES) {
      this.#lose();
      return 'lost';
    }
    this.#held.set(number, payload);
    this.#timer ??= this.clock.after(WAIT_MS, () => this.#lookAgain());
    return 'held';
  }

  #handOn(number: number, payload: Buffer): void {
    this.#next = number + 1;
    this.listener.next(payload, number);
  }

  /** Whoever is called may end it. */
  #handOnHeld(): void {
    for (let payload = this.#held.get(this.#next); payload; payload = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      this.#heldBytes -= payload.length;
      this.#handOn(this.#next, payload);
    }
    this.#timer?.cancel();
    this.#timer = undefined;
    // What still waits, waits for another one.
    if (this.#held.size > 0) this.#timer = this.clock.after(WAIT_MS, () => this.#lookAgain());
  }

  /** What is missing may already lie in the socket, unread because this process was busy. */
  #lookAgain(): void {
    this.#timer = this.clock.afterPendingInput(() => this.#lose());
  }

  #lose(): void {
    this.end();
    this.listener.missing();
  }
}
