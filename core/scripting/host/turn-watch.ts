import type { Clock, Timer } from '../../clock.js';

/** Somebody whose code runs in another thread, in turns. */
export interface Watched {
  /** CPU time used so far, ms. */
  readonly cpuMs: number;
  readonly limits: { readonly cpuMs: number; readonly wallMs: number };
  /** The turn took too long, and has to end. */
  overrun(what: 'cpu' | 'wall'): void;
  /** The turn was ended, and its thread has not come back. */
  lost(): void;
}

interface Turn {
  readonly startedAt: number;
  readonly cpuAtStart: number;
  readonly processCpuAtStart: number;
  endedAt: number | undefined;
}

/** How often turns under way are looked at, ms. */
const LOOK_EVERY_MS = 20;
/** isolated-vm ends a turn itself at its limit; this much later it has not been able to, ms. */
const GRACE_MS = 100;
/** How long a turn that was ended may take to come back, ms. */
const RETURN_MS = 1500;

/**
 * Keeps an eye on turns under way, from the host's own thread: isolated-vm's time limit knows no CPU time, and is not obeyed by
 * everything that the engine does. Real time, whatever clock the scripts live by: this is about the machine.
 */
export class TurnWatch {
  /** Those that no look has seen yet have no numbers: most turns are over before the next, and cost nothing this way. */
  readonly #turns = new Map<Watched, Turn | undefined>();
  #timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    /** CPU time of the whole process so far, ms. */
    private readonly processCpuMs: () => number,
  ) {}

  begin(watched: Watched): void {
    this.#turns.set(watched, undefined);
    this.#timer ??= this.clock.every(LOOK_EVERY_MS, () => this.#look());
  }

  finish(watched: Watched): void {
    this.#turns.delete(watched);
  }

  #look(): void {
    if (this.#turns.size === 0) {
      this.#timer?.cancel();
      this.#timer = undefined;
      return;
    }
    const [now, processCpu] = [this.clock.now(), this.processCpuMs()];
    for (const [watched, turn] of this.#turns) {
      if (!turn) {
        const start = { startedAt: now, cpuAtStart: watched.cpuMs, processCpuAtStart: processCpu, endedAt: undefined };
        this.#turns.set(watched, start);
      } else if (turn.endedAt !== undefined) {
        if (now - turn.endedAt < RETURN_MS) continue;
        this.finish(watched);
        watched.lost();
      } else if (now - turn.startedAt > watched.limits.wallMs + GRACE_MS) this.#end(watched, turn, 'wall');
      else if (cpuOf(watched, turn, processCpu) > watched.limits.cpuMs) this.#end(watched, turn, 'cpu');
    }
  }

  #end(watched: Watched, turn: Turn, what: 'cpu' | 'wall'): void {
    turn.endedAt = this.clock.now();
    watched.overrun(what);
  }
}

/**
 * CPU time of a turn under way, ms. What isolated-vm says about it is time on the clock until the turn is over, so on a busy machine
 * it is too much; it is never more than what the whole process has used meanwhile.
 */
const cpuOf = (watched: Watched, turn: Turn, processCpuMs: number) =>
  Math.min(watched.cpuMs - turn.cpuAtStart, processCpuMs - turn.processCpuAtStart);
