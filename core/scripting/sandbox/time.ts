import { emit } from './port.js';

/**
 * Time in the sandbox. The host tells it at the start of each turn, and it stands still until the next: code that wants to wait
 * has to let go. Timers belong to the script's own event loop; the host only wakes it.
 */

interface Entry {
  readonly id: number;
  readonly task: () => void;
  readonly periodMs: number | undefined;
  /** Whether the script is kept running by it. */
  readonly holds: boolean;
  due: number;
}

export interface Timer {
  cancel(): void;
}

const entries = new Map<number, Entry>();
let nextId = 1;
let monotonicMs = 0;
let wallMs = 0;
let wakeAt = Number.POSITIVE_INFINITY;

/** Monotonic milliseconds. */
export const now = (): number => monotonicMs;

/** Milliseconds since 1970. */
export const date = (): number => wallMs;

/** Runs `task` once after `delayMs`. */
export const after = (delayMs: number, task: () => void): Timer => add(delayMs, task, undefined, true);

/** Runs `task` every `periodMs`. A timer that does not hold lets the script end although it still runs. */
export const repeat = (periodMs: number, task: () => void, holds = true): Timer =>
  add(periodMs, task, Math.max(1, periodMs), holds);

export function isWaiting(): boolean {
  for (const entry of entries.values()) if (entry.holds) return true;
  return false;
}

export function setTime(monotonic: number, wall: number): void {
  monotonicMs = monotonic;
  wallMs = wall;
}

/** Runs what is due, earliest first. What falls due by that waits for the next turn, so a turn always ends. */
export function runDue(): void {
  const due = [...entries.values()].filter((entry) => entry.due <= monotonicMs);
  due.sort((left, right) => left.due - right.due || left.id - right.id);
  wakeAt = Number.POSITIVE_INFINITY;
  for (const entry of due) {
    if (!entries.has(entry.id)) continue;
    if (entry.periodMs === undefined) entries.delete(entry.id);
    // Ticks that were missed are left out, as everywhere in JavaScript.
    else entry.due = Math.max(entry.due + entry.periodMs, monotonicMs + 1);
    try {
      entry.task();
    } catch (error) {
      // One timer that throws must not keep the others from running; the script ends with it after this turn.
      void Promise.reject(error);
    }
  }
  requestWake();
}

function add(delayMs: number, task: () => void, periodMs: number | undefined, holds: boolean): Timer {
  const id = nextId;
  nextId += 1;
  entries.set(id, { id, task, periodMs, holds, due: monotonicMs + Math.max(0, delayMs) });
  requestWake();
  return { cancel: () => void entries.delete(id) };
}

function requestWake(): void {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { due } of entries.values()) if (due < earliest) earliest = due;
  if (earliest >= wakeAt) return;
  wakeAt = earliest;
  emit(['w', Math.max(0, earliest - monotonicMs)]);
}
