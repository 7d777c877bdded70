import type { DeviceWrite } from '../catalogue/definition.js';
import { type Clock, type Timer, withDeadline } from '../clock.js';
import { LinkError } from '../errors.js';
import type { HardwareLink } from './hardware.js';
import { PacketPace } from './packet-pace.js';

export interface WriteQueueOptions {
  /** Least time between two flushes, ms; 0 for none. */
  readonly gapMs: number;
  /** Pauses between single packets, ms, as in a protocol's definition; stops keep them too. Default none. */
  readonly packetGapsMs?: readonly number[] | undefined;
  /** A write that takes longer counts as failed, ms. */
  readonly writeTimeoutMs: number;
  /** A packet could not be written, after whatever retries it was worth. */
  readonly onFailed: (error: unknown, isStop: boolean) => void;
}

interface Entry {
  readonly write: DeviceWrite;
  /** Packets of one command never replace each other (facts: B14). */
  readonly command: number;
  readonly isStop: boolean;
  /** How often it is tried. */
  readonly attempts: number;
  failures: number;
}

/** How often a packet that ends something is tried before the link counts as broken. */
const STOP_ATTEMPTS = 3;

/**
 * Packets on their way to one device.
 *
 * - The first packet after a pause leaves once the input at hand has been read, so that commands which arrived together merge;
 *   later ones wait until the gap has passed.
 * - A packet replaces a waiting one of the same slot: on a slow link the last level wins.
 * - A stop leaves at once, before everything that waits and without regard to the gap. Because a device may miss a packet that
 *   follows too closely, a stop that did not respect the gap is sent a second time after it, unless something newer took its
 *   slot. Nothing queued later is ever sent before a stop.
 */
export class WriteQueue {
  #urgent: Entry[] = [];
  #flushing: Entry[] = [];
  #pending: Entry[] = [];
  #repeats: Entry[] = [];
  #timer: Timer | undefined;
  #writing = false;
  #commands = 0;
  #lastFlushEnd = Number.NEGATIVE_INFINITY;
  #lastWriteAt: number;
  #lastWritten: DeviceWrite | undefined;
  #idleWaiters: (() => void)[] = [];
  readonly #pace: PacketPace;
  readonly #closing = new AbortController();

  constructor(
    private readonly link: Pick<HardwareLink, 'write' | 'name'>,
    private readonly clock: Clock,
    private readonly options: WriteQueueOptions,
  ) {
    this.#lastWriteAt = clock.now();
    this.#pace = new PacketPace(options.packetGapsMs ?? [], clock);
  }

  /** Time of the last packet the hardware took. */
  get lastWriteAt(): number {
    return this.#lastWriteAt;
  }

  /** The last packet the hardware took. */
  get lastWritten(): DeviceWrite | undefined {
    return this.#lastWritten;
  }

  /** Packets that wait. */
  get depth(): number {
    return this.#urgent.length + this.#flushing.length + this.#pending.length;
  }

  /** Something waits or is on its way. */
  get isBusy(): boolean {
    return this.#writing || this.depth > 0;
  }

  /**
   * Queues the packets of one command.
   *
   * @param isEnd an output goes to nothing: a packet that gets lost would leave it on, and no newer one need come
   */
  enqueue(writes: readonly DeviceWrite[], isEnd = false): void {
    if (this.#closed) return;
    const attempts = isEnd ? STOP_ATTEMPTS : 1;
    const command = this.#nextCommand();
    for (const write of writes) {
      this.#pending = withoutSlotsOf(write, this.#pending, command);
      this.#repeats = withoutSlotsOf(write, this.#repeats, command);
      this.#pending.push({ write, command, isStop: false, attempts, failures: 0 });
    }
    this.#schedule();
  }

  /** Sends the packets that stop outputs, ahead of everything; each command's packets replace what waits in their slots. */
  stop(commands: readonly (readonly DeviceWrite[])[]): void {
    if (this.#closed || commands.every((writes) => writes.length === 0)) return;
    const { gapMs } = this.options;
    const early = gapMs > 0 && (this.#writing || this.clock.now() - this.#lastFlushEnd < gapMs);
    for (const writes of commands) {
      const command = this.#nextCommand();
      for (const write of writes) {
        this.#pending = withoutSlotsOf(write, this.#pending, command);
        this.#flushing = withoutSlotsOf(write, this.#flushing, command);
        this.#urgent = withoutSlotsOf(write, this.#urgent, command);
        this.#repeats = withoutSlotsOf(write, this.#repeats, command);
        this.#urgent.push({ write, command, isStop: true, attempts: STOP_ATTEMPTS, failures: 0 });
        if (early) this.#repeats.push({ write, command, isStop: true, attempts: STOP_ATTEMPTS, failures: 0 });
      }
    }
    this.#timer?.cancel();
    this.#timer = undefined;
    void this.#write();
  }

  /** Resolves when nothing waits any more and the last write has ended. */
  idle(): Promise<void> {
    if (this.#closed || !this.isBusy) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Drops what waits; used when the link is gone. */
  close(): void {
    this.#closing.abort();
    this.#timer?.cancel();
    this.#urgent = [];
    this.#flushing = [];
    this.#pending = [];
    this.#repeats = [];
    this.#settleIdle();
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  #nextCommand(): number {
    this.#commands += 1;
    return this.#commands;
  }

  #schedule(): void {
    if (this.#closed || this.#writing || this.#timer || this.#pending.length === 0) return;
    const wait = this.#lastFlushEnd + this.options.gapMs - this.clock.now();
    const flush = () => {
      this.#timer = undefined;
      this.#flushing = this.#pending;
      this.#pending = [];
      void this.#write();
    };
    this.#timer = wait > 0 ? this.clock.after(wait, flush) : this.clock.afterPendingInput(flush);
  }

  async #write(): Promise<void> {
    if (this.#writing || this.#closed) return;
    this.#writing = true;
    while (this.#urgent.length + this.#flushing.length > 0) {
      const wait = this.#pace.waitMs;
      // Which packet is next shows only after the pause: a stop may have come.
      if (wait > 0) await this.clock.sleep(wait, this.#closing.signal).catch(() => {});
      if (this.#closed) return;
      const entry = this.#next();
      if (!entry) break;
      try {
        await this.#send(entry.write);
        this.#lastWriteAt = this.clock.now();
        this.#lastWritten = entry.write;
      } catch (error) {
        if (this.#closed) return;
        this.#failed(entry, error);
      }
      this.#pace.wrote();
      if (this.#closed) return;
    }
    this.#writing = false;
    this.#lastFlushEnd = this.clock.now();
    this.#pending.unshift(...this.#repeats);
    this.#repeats = [];
    if (this.#pending.length === 0) this.#settleIdle();
    else this.#schedule();
  }

  #next(): Entry | undefined {
    return this.#urgent.shift() ?? this.#flushing.shift();
  }

  #send({ endpoint, data, withResponse }: DeviceWrite): Promise<void> {
    const { writeTimeoutMs } = this.options;
    return withDeadline(
      this.clock,
      writeTimeoutMs,
      this.link.write(endpoint, data, { withResponse }),
      () => new LinkError(`${this.link.name} did not take a packet within ${writeTimeoutMs} ms`),
    );
  }

  #failed(entry: Entry, error: unknown): void {
    entry.failures += 1;
    // What ends something is worth another try; an ordinary level is not, a newer one is coming.
    if (entry.failures >= entry.attempts) {
      this.options.onFailed(error, entry.isStop);
      return;
    }
    // A newer one may have come meanwhile: the older one, sent after it, would bring back what only the newer one stops.
    const { write, command, isStop } = entry;
    const newer = isStop ? this.#urgent : [...this.#urgent, ...this.#flushing, ...this.#pending];
    const replaced = newer.some((other) => other.command !== command && shareSlot(other.write, write));
    if (!replaced) (isStop ? this.#urgent : this.#flushing).unshift(entry);
  }

  #settleIdle(): void {
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const settle of waiters) settle();
  }
}

/** What stays of `entries` when `write` joins them: its own command's packets, and those of other slots. */
function withoutSlotsOf(write: DeviceWrite, entries: Entry[], command: number): Entry[] {
  const replaced = (entry: Entry) => entry.command !== command && shareSlot(entry.write, write);
  return entries.some(replaced) ? entries.filter((entry) => !replaced(entry)) : entries;
}

function shareSlot(left: DeviceWrite, right: DeviceWrite): boolean {
  if (left.slot === right.slot) return true;
  if (!left.alsoSlots && !right.alsoSlots) return false;
  const slots = [right.slot, ...(right.alsoSlots ?? [])];
  return [left.slot, ...(left.alsoSlots ?? [])].some((slot) => slots.includes(slot));
}
