import { type Clock, describeError, growingPause, type Logger, type Timer } from 'pulsegate/plugin';
import type { Adapter } from './adapter.js';
import type { BindingChoice, NoBinding } from './binding-choice.js';

export interface KeeperOptions {
  readonly choose: () => Promise<BindingChoice | NoBinding>;
  readonly open: (choice: BindingChoice, onLost: (reason: string) => void) => Promise<Adapter>;
  readonly onReady: (adapter: Adapter) => void;
  readonly onLost: (reason: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

const FIRST_PAUSE_MS = 1_000;
const MOST_PAUSE_MS = 15_000;

/** Gets an adapter, and gets one again whenever it is lost. Says once why there is none, and says when there is one. */
export class AdapterKeeper {
  #timer: Timer | undefined;
  #failures = 0;
  #said: string | undefined;
  #isClosed = false;
  /** The adapter that is in use, by number: what is heard of an earlier one counts for nothing. */
  #current = 0;

  constructor(private readonly options: KeeperOptions) {}

  /** Resolves when it is known whether there is one now. */
  async start(): Promise<void> {
    const { choose, open, onReady, log } = this.options;
    this.#current += 1;
    const current = this.#current;
    try {
      const choice = await choose();
      if ('because' in choice) return this.#failed(choice.because, choice.isUsual);
      const adapter = await open(choice, (reason) => {
        if (current === this.#current) this.lost(reason);
      });
      // It may have been lost in that very moment; what is to be done then is under way.
      if (this.#isClosed || current !== this.#current) return adapter.noble.stop();
      this.#failures = 0;
      this.#said = undefined;
      log.info(`Bluetooth devices are reached through ${choice.name}`);
      onReady(adapter);
    } catch (error) {
      this.#failed(describeError(error));
    }
  }

  /** The adapter is of no use any more; another is looked for. */
  lost(reason: string): void {
    if (this.#isClosed) return;
    this.#current += 1;
    this.options.log.warn(`Bluetooth is lost: ${reason}`);
    void this.options.onLost(reason).then(() => this.#again());
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #failed(because: string, isUsual = false): void {
    if (this.#isClosed) return;
    const sentence = `Bluetooth cannot be used: ${because}`;
    if (sentence !== this.#said) this.options.log[isUsual ? 'info' : 'warn'](sentence);
    this.#said = sentence;
    this.#again();
  }

  #again(): void {
    if (this.#isClosed) return;
    const pause = growingPause(FIRST_PAUSE_MS, MOST_PAUSE_MS, this.#failures);
    this.#failures += 1;
    this.#timer?.cancel();
    this.#timer = this.options.clock.after(pause, () => void this.start());
  }
}
