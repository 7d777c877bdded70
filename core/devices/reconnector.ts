import type { Clock, Timer } from '../clock.js';
import type { Discovery, HardwareManager } from './hardware.js';

/** Where a device came from, and how to get it back. */
export interface Origin {
  readonly manager: HardwareManager;
  readonly discovery: Discovery;
}

export interface ReconnectOptions {
  readonly enabled: boolean;
  /** Longest pause between two attempts, ms. */
  readonly maxDelayMs: number;
}

/** First pause, ms; doubled after every attempt. */
const FIRST_DELAY_MS = 500;

/**
 * Tries again and again to bring back devices that dropped out, without anyone scanning. One entry per address; a device
 * that is seen meanwhile is connected at once by whoever sees it, and then forgotten here.
 */
export class Reconnector {
  readonly #waiting = new Map<string, Waiting>();

  constructor(
    private readonly clock: Clock,
    private readonly options: ReconnectOptions,
    /** Starts one attempt; it reports back by `retry` or `forget`. */
    private readonly attempt: (origin: Origin) => void,
  ) {}

  isWaitingFor(address: string): boolean {
    return this.#waiting.has(address);
  }

  /** Plans the next attempt. */
  retry(origin: Origin): void {
    if (!this.options.enabled) return;
    const { address } = origin.discovery.advertisement;
    const before = this.#waiting.get(address);
    before?.timer.cancel();
    const attempts = (before?.attempts ?? 0) + 1;
    const delay = Math.min(FIRST_DELAY_MS * 2 ** Math.min(attempts - 1, 20), this.options.maxDelayMs);
    const timer = this.clock.after(delay, () => this.attempt(origin));
    this.#waiting.set(address, { origin, attempts, timer });
  }

  /** It is back, or not wanted any more. */
  forget(address: string): void {
    this.#waiting.get(address)?.timer.cancel();
    this.#waiting.delete(address);
  }

  /** Its devices are not coming back. */
  forgetManager(manager: HardwareManager): void {
    for (const [address, { origin }] of this.#waiting) if (origin.manager === manager) this.forget(address);
  }

  close(): void {
    for (const address of [...this.#waiting.keys()]) this.forget(address);
  }
}

interface Waiting {
  readonly origin: Origin;
  readonly attempts: number;
  readonly timer: Timer;
}
