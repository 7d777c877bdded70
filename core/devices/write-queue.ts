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
  /** A packet could not be written, after whatever retries it was worth; `isEnd`: something may be left on. */
  readonly onFailed: (error: unknown, isEnd: boolean) => void;
}

interface Entry {
  readonly write: DeviceWrite;
  /** Packets of one command never replace each other (facts: B14). */
  readonly command: number;
  readonly isStop: boolean;
  /** An output goes to nothing, here or in a packet whose place this one took: it is tried again. */
  isEnd: boolean;
  failures: number;
}

/** How often a packet that ends something is tried before the link counts as broken. */
const END_ATTEMPTS = 3;

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
  #lastTried: DeviceWrite | undefined;
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

  /** The last packet that set out, whether the hardware took it or not: what came before it is not in force any more. */
  get lastTried(): DeviceWrite | undefined {
    return this.#lastTried;
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
    const command = this.#nextCommand();
    const entries = writes.map((write) => ({ write, command, isStop: false, isEnd, failures: 0 }));
    // They may be all that tells the device of a level 0 it has never heard of.
    const endsToo = this.#pending.some((other) => other.isEnd && entries.some((entry) => replaces(entry, other)));
    for (const entry of entries) {
      entry.isEnd ||= endsToo;
      this.#pending = withoutSlotsOf(entry, this.#pending);
      this.#repeats = withoutSlotsOf(entry, this.#repeats);
      this.#pending.push(entry);
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
        const entry = { write, command, isStop: true, isEnd: true, failures: 0 };
        this.#pending = withoutSlotsOf(entry, this.#pending);
        this.#flushing = withoutSlotsOf(entry, this.#flushing);
        this.#urgent = withoutSlotsOf(entry, this.#urgent);
        this.#repeats = withoutSlotsOf(entry, this.#repeats);
        this.#urgent.push(entry);
        if (early) this.#repeats.push({ ...entry });
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
        this.#lastTried = entry.write;
        await this.#send(entry.write);
        this.#lastWriteAt = this.clock.now();
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
    if (!entry.isEnd || entry.failures >= END_ATTEMPTS) {
      this.options.onFailed(error, entry.isEnd);
      return;
    }
    // A newer one may have come meanwhile: the older one, sent after it, would bring back what only the newer one stops.
    const { isStop } = entry;
    const later = isStop ? this.#urgent : [...this.#urgent, ...this.#flushing, ...this.#pending];
    const newer = later.filter((other) => replaces(other, entry));
    for (const other of newer) other.isEnd = true;
    if (newer.length === 0) (isStop ? this.#urgent : this.#flushing).unshift(entry);
  }

  #settleIdle(): void {
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const settle of waiters) settle();
  }
}

/** What stays of `entries` when `entry` joins them: its own command's packets, and those of other slots. */
function withoutSlotsOf(entry: Entry, entries: Entry[]): Entry[] {
  const replaced = (other: Entry) => replaces(entry, other);
  return entries.some(replaced) ? entries.filter((other) => !replaced(other)) : entries;
}

const replaces = (newer: Entry, older: Entry) => newer.command !== older.command && shareSlot(newer.write, older.write);

function shareSlot(left: DeviceWrite, right: DeviceWrite): boolean {
  if (left.slot === right.slot) return true;
  if (!left.alsoSlots && !right.alsoSlots) return false;
  const slots = [right.slot, ...(right.alsoSlots ?? [])];
  return [left.slot, ...(left.alsoSlots ?? [])].some((slot) => slots.includes(slot));
}
