import type { Clock, Timer } from 'pulsegate/plugin';

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly answerTimeoutMs: number;
  readonly onLatency: (latencyMs: number) => void;
  /** Nothing was heard for `answerTimeoutMs` after it was asked for. */
  readonly onSilence: () => void;
}

/** Asks for signs of life, and misses them. */
export class Heartbeat {
  #beat: Timer | undefined;
  /** Runs while a sign of life is owed. */
  #silence: Timer | undefined;
  #askedAt = 0;
  #ended = false;

  constructor(private readonly options: HeartbeatOptions) {}

  get isRunning(): boolean {
    return this.#beat !== undefined;
  }

  /** @param ask lets `alive` be called when the answer is there */
  start(periodMs: number, ask: () => void): void {
    if (this.#ended) return;
    this.#beat = this.options.clock.every(periodMs, () => {
      this.#expect();
      ask();
    });
  }

  alive(): void {
    if (!this.#silence) return;
    this.#silence.cancel();
    this.#silence = undefined;
    this.options.onLatency(this.options.clock.now() - this.#askedAt);
  }

  end(): void {
    this.#ended = true;
    this.#beat?.cancel();
    this.#silence?.cancel();
  }

  #expect(): void {
    const { clock, answerTimeoutMs, onSilence } = this.options;
    if (this.#silence) return;
    this.#askedAt = clock.now();
    this.#silence = clock.after(answerTimeoutMs, () => {
      // What has arrived counts, even if this process was too busy to read it in time.
      this.#silence = clock.afterPendingInput(onSilence);
    });
  }
}
