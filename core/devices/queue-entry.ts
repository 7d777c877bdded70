import type { DeviceWrite } from '../catalogue/definition.js';

/** What a packet is for: an output, as a rule. */
export interface Purpose {
  /** Whether an order for `other` counts for nothing once this one is given: both move the same part. */
  supersedes?(other: Purpose): boolean;
}

/** A packet in the queue. */
export interface Entry {
  readonly write: DeviceWrite;
  /** Packets of one command never replace each other (facts: B14). */
  readonly command: number;
  readonly isStop: boolean;
  /** Outputs whose newest orders are in it: its own, and those of packets whose place it took. */
  outputs: readonly Purpose[];
  /** Outputs that go to nothing with it. */
  ends: readonly Purpose[];
  failures: number;
}

/** How often a packet that ends something is tried before the link counts as broken. */
const END_ATTEMPTS = 3;
export const NONE: readonly Purpose[] = [];

/** Lost, it would leave something on. */
export const isEnd = ({ isStop, ends }: Entry): boolean => isStop || ends.length > 0;

/** Whether it is to be tried once more. An ordinary level is not: a newer one is coming. */
export const isWorthRetrying = (entry: Entry): boolean => isEnd(entry) && entry.failures < END_ATTEMPTS;

/** Whether `newer` takes the place of `older`: another command's, for a slot of its own. */
export const replaces = (newer: Entry, older: Entry): boolean =>
  newer.command !== older.command && shareSlot(newer.write, older.write);

/** What stays of `entries` when `entry` joins them: its own command's packets, and those of other slots. */
export function withoutReplaced(entry: Entry, entries: Entry[]): Entry[] {
  const isReplaced = (other: Entry) => replaces(entry, other);
  return entries.some(isReplaced) ? entries.filter((other) => !isReplaced(other)) : entries;
}

/** What `older` was for is now left to `newer`: what it would have ended, the newer one has to. */
export function handOver(older: Entry, newer: Entry): void {
  const { outputs } = newer;
  newer.ends = union(
    newer.ends,
    older.ends.filter((output) => !outputs.includes(output)),
  );
  newer.outputs = union(
    outputs,
    older.outputs.filter((output) => !outputs.some((own) => own.supersedes?.(output))),
  );
}

function union(left: readonly Purpose[], right: readonly Purpose[]): readonly Purpose[] {
  const missing = right.filter((item) => !left.includes(item));
  return missing.length > 0 ? [...left, ...missing] : left;
}

function shareSlot(left: DeviceWrite, right: DeviceWrite): boolean {
  if (left.slot === right.slot) return true;
  if (!left.alsoSlots && !right.alsoSlots) return false;
  const slots = [right.slot, ...(right.alsoSlots ?? [])];
  return [left.slot, ...(left.alsoSlots ?? [])].some((slot) => slots.includes(slot));
}
