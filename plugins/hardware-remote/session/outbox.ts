import type { Clock, RefusedError, Timer } from 'pulsegate/plugin';
import { isStop, type RemoteOrder, slotOf } from '../order.js';
import type { RemoteDevice, Request } from '../speech/dialect.js';

export type Outcome = 'done' | 'refused' | 'replaced' | 'unanswered';

export interface OutboxOptions {
  readonly clock: Clock;
  readonly maxUnanswered: number;
  readonly answerTimeoutMs: number;
  /** Sends a message; `answered` is called once with what it was refused with, or nothing. */
  readonly send: (request: Request, answered: (error?: RefusedError) => void) => void;
  readonly isThere: (device: RemoteDevice) => boolean;
  readonly count: (outcome: Outcome, howMany?: number) => void;
  readonly onRefused: (device: RemoteDevice, error: RefusedError) => void;
  /** An output may be on and nobody can turn it off over this connection: only its end does. */
  readonly onStuck: (reason: string) => void;
}

interface Waiting {
  readonly device: RemoteDevice;
  readonly order: RemoteOrder;
}

/** A stop that is refused is tried so often in all. */
const STOP_ATTEMPTS = 3;
/** Pause between them, ms. */
const STOP_RETRY_MS = 100;

/**
 * Orders on their way to one remote. So many may be unanswered; beyond that, the newest order of each output waits and older ones
 * are dropped. A stop drops what waits for its output, and is sent at once, however many are unanswered.
 */
export class Outbox {
  readonly #waiting = new Map<string, Waiting>();
  /** When each order that has no answer yet was sent, oldest first. */
  readonly #unanswered = new Map<number, number>();
  /** The last order that was sent for each output. */
  readonly #newest = new Map<string, number>();
  /** Outputs that the remote has turned on for us. */
  readonly #on = new Set<string>();
  readonly #retries = new Set<Timer>();
  #deadline: Timer | undefined;
  #count = 0;
  #closed = false;

  constructor(private readonly options: OutboxOptions) {}

  put(device: RemoteDevice, order: RemoteOrder): void {
    if (this.#closed) return;
    const key = keyOf(device, order);
    if (isStop(order)) {
      if (this.#waiting.delete(key)) this.options.count('replaced');
      this.#send(device, order, 1);
    } else if (this.#waiting.size > 0 || this.#unanswered.size >= this.options.maxUnanswered) {
      if (this.#waiting.has(key)) this.options.count('replaced');
      // It keeps the place of the one before, so that an output with many orders does not wait for ever.
      this.#waiting.set(key, { device, order });
    } else this.#send(device, order, 1);
  }

  /** The session is over, and with it everything it was told. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#deadline?.cancel();
    for (const timer of this.#retries) timer.cancel();
    this.options.count('unanswered', this.#unanswered.size);
    this.options.count('replaced', this.#waiting.size);
    this.#unanswered.clear();
    this.#waiting.clear();
  }

  #send(device: RemoteDevice, order: RemoteOrder, attempt: number): void {
    const { clock, send } = this.options;
    this.#count += 1;
    const id = this.#count;
    const key = keyOf(device, order);
    this.#unanswered.set(id, clock.now());
    this.#newest.set(key, id);
    this.#watch();
    send(device.output(order), (error) => {
      if (this.#closed || !this.#unanswered.delete(id)) return;
      this.options.count(error ? 'refused' : 'done');
      if (error) this.#refused(device, order, attempt, error);
      else if (isStop(order)) this.#on.delete(key);
      else this.#on.add(key);
      this.#sendWaiting();
    });
  }

  #sendWaiting(): void {
    for (const [key, { device, order }] of this.#waiting) {
      if (this.#unanswered.size >= this.options.maxUnanswered) return;
      this.#waiting.delete(key);
      if (this.options.isThere(device)) this.#send(device, order, 1);
    }
  }

  #refused(device: RemoteDevice, order: RemoteOrder, attempt: number, error: RefusedError): void {
    const { clock, isThere, onRefused, onStuck } = this.options;
    if (!isThere(device)) return;
    onRefused(device, error);
    const key = keyOf(device, order);
    if (!isStop(order) || !this.#on.has(key)) return;
    const newest = this.#newest.get(key);
    if (attempt >= STOP_ATTEMPTS) {
      onStuck(`${device.name} refuses to stop: ${error.message}`);
      return;
    }
    const timer = clock.after(STOP_RETRY_MS, () => {
      this.#retries.delete(timer);
      // Somebody may have told it something newer meanwhile, and be in charge of it.
      if (isThere(device) && this.#newest.get(key) === newest) this.#send(device, order, attempt + 1);
    });
    this.#retries.add(timer);
  }

  /** One timer for all of them: the oldest is the first to be overdue. */
  #watch(): void {
    const { clock, answerTimeoutMs, onStuck } = this.options;
    if (this.#deadline || this.#closed) return;
    const [oldest = clock.now()] = this.#unanswered.values();
    const check = () => {
      this.#deadline = undefined;
      const [sentAt] = this.#unanswered.values();
      if (sentAt === undefined || this.#closed) return;
      if (clock.now() - sentAt >= answerTimeoutMs) onStuck(`it has not answered an order for ${answerTimeoutMs} ms`);
      else this.#watch();
    };
    // What has arrived counts, even if this process was too busy to read it in time.
    this.#deadline = clock.after(Math.max(oldest + answerTimeoutMs - clock.now(), 0), () => {
      this.#deadline = clock.afterPendingInput(check);
    });
  }
}

const keyOf = (device: RemoteDevice, order: RemoteOrder) => `${device.index}/${slotOf(order)}`;
