import type { Clock, Timer } from '../clock.js';
import { growingPause } from '../growing-pause.js';
import type { Discovery, HardwareManager } from '../hardware/contract.js';

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
/** A connection that lasted this long was a good one, and the next drop starts with the first pause again, ms. */
const LASTING_MS = 5000;

/**
 * Tries again and again to bring back devices that dropped out, without anyone scanning. One entry per address; a device
 * that is seen meanwhile is connected at once by whoever sees it. One that drops out again right away is tried less and less often.
 */
export class Reconnector {
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly clock: Clock,
    private readonly options: ReconnectOptions,
    /** Starts one attempt; it reports back by `retry` or `cameBack`. */
    private readonly attempt: (origin: Origin) => void,
  ) {}

  isWaitingFor(address: string): boolean {
    const entry = this.#entries.get(address);
    return entry !== undefined && entry.backSince === undefined;
  }

  /** Plans the next attempt. */
  retry(origin: Origin): void {
    if (!this.options.enabled) return;
    const { address } = origin.discovery.advertisement;
    const before = this.#entries.get(address);
    before?.timer.cancel();
    const attempts = before && !this.#lasted(before) ? before.attempts + 1 : 1;
    const delay = growingPause(FIRST_DELAY_MS, this.options.maxDelayMs, attempts - 1);
    const timer = this.clock.after(delay, () => this.attempt(origin));
    this.#entries.set(address, { origin, attempts, timer, backSince: undefined });
  }

  /** It is connected again; how often it was tried counts until that has lasted. */
  cameBack(address: string): void {
    const entry = this.#entries.get(address);
    entry?.timer.cancel();
    if (entry) this.#entries.set(address, { ...entry, backSince: this.clock.now() });
  }

  /** Its devices are not coming back. */
  forgetManager(manager: HardwareManager): void {
    for (const [address, { origin }] of this.#entries) if (origin.manager === manager) this.#forget(address);
  }

  close(): void {
    for (const address of [...this.#entries.keys()]) this.#forget(address);
  }

  #forget(address: string): void {
    this.#entries.get(address)?.timer.cancel();
    this.#entries.delete(address);
  }

  #lasted({ backSince }: Entry): boolean {
    return backSince !== undefined && this.clock.now() - backSince >= LASTING_MS;
  }
}

interface Entry {
  readonly origin: Origin;
  readonly attempts: number;
  readonly timer: Timer;
  /** Missing while it is out of reach. */
  readonly backSince: number | undefined;
}
