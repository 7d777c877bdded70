import { type Clock, sleepOn, type Timer } from '../../core/clock.js';

interface Entry {
  due: number;
  readonly periodMs: number | undefined;
  readonly task: () => void;
}

/** Everything in this thread that can run without time passing has run. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A clock that only moves when told to. */
export class FakeClock implements Clock {
  #now = 0;
  #entries: Entry[] = [];
  #pendingInput: Entry[] = [];

  #elsewhere: (() => Promise<void>) | undefined;

  constructor(private readonly start = new Date('2026-01-01T00:00:00Z')) {}

  /** Time does not move on before `settled` has: work in other threads takes no time on this clock either. */
  waitFor(settled: () => Promise<void>): void {
    this.#elsewhere = settled;
  }

  now(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(this.start.getTime() + this.#now);
  }

  after(delayMs: number, task: () => void): Timer {
    return this.#add({ due: this.#now + Math.max(0, delayMs), periodMs: undefined, task });
  }

  every(periodMs: number, task: () => void): Timer {
    const period = Math.max(1, periodMs);
    return this.#add({ due: this.#now + period, periodMs: period, task });
  }

  afterPendingInput(task: () => void): Timer {
    const entry: Entry = { due: this.#now, periodMs: undefined, task };
    this.#pendingInput.push(entry);
    return { cancel: () => this.#remove(entry) };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  /** How many timers wait; 0 when everything was cleaned up. */
  get waiting(): number {
    return this.#entries.length + this.#pendingInput.length;
  }

  /** Lets `ms` pass: runs what falls due, in order, with everything that follows from each before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#runPendingInput();
    for (let next = this.#earliest(); next && next.due <= end; next = this.#earliest()) {
      this.#fire(next);
      await this.#runPendingInput();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** Lets time pass until `work` settles. Rejects when it still has not after `limitMs`, or nothing is left to wait for. */
  async until<T>(work: Promise<T>, limitMs = 600_000): Promise<T> {
    let done = false;
    const finished = () => {
      done = true;
    };
    work.then(finished, finished);
    const end = this.#now + limitMs;
    await this.#runPendingInput();
    while (!done) {
      const next = this.#earliest();
      if (!next || next.due > end) throw new Error(`Still unsettled at ${this.#now} ms of the fake clock`);
      this.#fire(next);
      await this.#runPendingInput();
    }
    return work;
  }

  #add(entry: Entry): Timer {
    this.#entries.push(entry);
    return { cancel: () => this.#remove(entry) };
  }

  #remove(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#pendingInput = this.#pendingInput.filter((other) => other !== entry);
  }

  /** The next to run; of several at the same time, the one that was set first. */
  #earliest(): Entry | undefined {
    return this.#entries.reduce<Entry | undefined>(
      (best, entry) => (best === undefined || entry.due < best.due ? entry : best),
      undefined,
    );
  }

  #fire(entry: Entry): void {
    this.#now = Math.max(this.#now, entry.due);
    if (entry.periodMs === undefined) this.#remove(entry);
    else {
      this.#entries = [...this.#entries.filter((other) => other !== entry), entry];
      entry.due += entry.periodMs;
    }
    entry.task();
  }

  async #runPendingInput(): Promise<void> {
    await this.#settle();
    while (this.#pendingInput.length > 0) {
      for (const entry of [...this.#pendingInput]) {
        if (!this.#pendingInput.includes(entry)) continue;
        this.#remove(entry);
        entry.task();
      }
      await this.#settle();
    }
  }

  async #settle(): Promise<void> {
    await settled();
    await this.#elsewhere?.();
  }
}
