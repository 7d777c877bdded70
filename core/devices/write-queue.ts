import type { DeviceWrite } from '../catalogue/definition.js';
import { type Clock, type Timer, withDeadline } from '../clock.js';
import { LinkError } from '../errors.js';
import type { HardwareLink } from '../hardware/contract.js';
import { PacketPace } from './packet-pace.js';
import {
  type Entry,
  handOver,
  isEnd,
  isWorthRetrying,
  NONE,
  type Purpose,
  replaces,
  withoutReplaced,
} from './queue-entry.js';

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
   * @param output whose command it is
   */
  enqueue(writes: readonly DeviceWrite[], isEnd = false, output: Purpose = {}): void {
    if (this.#closed) return;
    const command = this.#nextCommand();
    const outputs = [output];
    const ends = isEnd ? outputs : NONE;
    const entries = writes.map((write): Entry => ({ write, command, isStop: false, outputs, ends, failures: 0 }));
    for (const older of this.#pending) {
      if (!entries.some((entry) => replaces(entry, older))) continue;
      // Any of the packets may be the one that ends what it would have ended.
      for (const entry of entries) handOver(older, entry);
    }
    for (const entry of entries) {
      this.#pending = withoutReplaced(entry, this.#pending);
      this.#repeats = withoutReplaced(entry, this.#repeats);
      this.#pending.push(entry);
    }
    this.#schedule();
  }

  /** Whether packets wait that are for this output, stops aside. */
  holds(output: Purpose): boolean {
    const isFor = ({ outputs }: Entry) => outputs.includes(output);
    return this.#flushing.some(isFor) || this.#pending.some(isFor);
  }

  /** Takes back what waits for these outputs only: nobody is in charge of them any more. What ends something stays. */
  withdraw(outputs: ReadonlySet<Purpose>): void {
    if (this.depth === 0) return;
    const stays = (entry: Entry) => isEnd(entry) || entry.outputs.some((output) => !outputs.has(output));
    this.#flushing = this.#flushing.filter(stays);
    this.#pending = this.#pending.filter(stays);
    if (this.#pending.length > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (!this.isBusy) this.#settleIdle();
  }

  /** Sends the packets that stop outputs, ahead of everything; each command's packets replace what waits in their slots. */
  stop(commands: readonly (readonly DeviceWrite[])[]): void {
    if (this.#closed || commands.every((writes) => writes.length === 0)) return;
    const { gapMs } = this.options;
    const early = gapMs > 0 && (this.#writing || this.clock.now() - this.#lastFlushEnd < gapMs);
    for (const writes of commands) {
      const command = this.#nextCommand();
      for (const write of writes) {
        const entry: Entry = { write, command, isStop: true, outputs: NONE, ends: NONE, failures: 0 };
        this.#pending = withoutReplaced(entry, this.#pending);
        this.#flushing = withoutReplaced(entry, this.#flushing);
        this.#urgent = withoutReplaced(entry, this.#urgent);
        this.#repeats = withoutReplaced(entry, this.#repeats);
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

  #send({ endpoint, data, withResponse, onDeparture }: DeviceWrite): Promise<void> {
    const { writeTimeoutMs } = this.options;
    onDeparture?.();
    return withDeadline(
      this.clock,
      writeTimeoutMs,
      this.link.write(endpoint, data, { withResponse }),
      () => new LinkError(`${this.link.name} did not take a packet within ${writeTimeoutMs} ms`),
    );
  }

  #failed(entry: Entry, error: unknown): void {
    entry.failures += 1;
    if (!isWorthRetrying(entry)) {
      this.options.onFailed(error, isEnd(entry));
      return;
    }
    // A newer one may have come meanwhile: the older one, sent after it, would bring back what only the newer one stops.
    const { isStop } = entry;
    const later = isStop ? this.#urgent : [...this.#urgent, ...this.#flushing, ...this.#pending];
    const newer = later.filter((other) => replaces(other, entry));
    for (const other of newer) handOver(entry, other);
    if (newer.length === 0) (isStop ? this.#urgent : this.#flushing).unshift(entry);
  }

  #settleIdle(): void {
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const settle of waiters) settle();
  }
}
