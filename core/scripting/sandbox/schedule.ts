import { Cron } from 'pulsegate:cron';
import type { AbortSignal } from './abort.js';
import { after, now, type Timer } from './time.js';

/** Timers as scripts know them. */

/** Resolves after `ms`; rejects with the signal's reason when that is aborted first. */
export function sleep(ms: number, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  if (typeof ms !== 'number' || Number.isNaN(ms)) throw new TypeError(`sleep takes a time in ms, not ${String(ms)}`);
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort);
  });
}

/** Shortest interval, ms: nothing between a script and a device is faster. */
const SHORTEST_MS = 5;
/** Farthest that one timer reaches; what is later is waited for in steps, ms. */
const LONGEST_WAIT_MS = 86_400_000;

/**
 * Runs `task` again and again: every so many ms, or by a cron expression (five or six fields, in the gateway's time zone unless
 * `timezone` says otherwise). While a run is still under way, the next is left out.
 */
export function every(
  when: number | string,
  task: () => unknown,
  options: { readonly signal?: AbortSignal; readonly timezone?: string } = {},
): { cancel(): void } {
  if (typeof task !== 'function') throw new TypeError('every takes a function as its second argument');
  const next = typeof when === 'number' ? interval(when) : cron(when, options.timezone);
  let timer: Timer | undefined;
  let isRunning = false;
  const cancel = () => {
    timer?.cancel();
    timer = undefined;
    options.signal?.removeEventListener('abort', cancel);
  };
  const run = async () => {
    if (isRunning) return;
    isRunning = true;
    try {
      await task();
    } finally {
      isRunning = false;
    }
  };
  const wait = () => {
    const delay = next();
    if (delay === undefined) {
      cancel();
      return;
    }
    const isFar = delay > LONGEST_WAIT_MS;
    timer = after(isFar ? LONGEST_WAIT_MS : delay, () => {
      wait();
      if (!isFar) void run();
    });
  };
  if (options.signal?.aborted) return { cancel };
  options.signal?.addEventListener('abort', cancel);
  wait();
  return { cancel };
}

/** How long until the next tick; a fixed rhythm from the start, however long the runs take. */
function interval(ms: number): () => number {
  if (!(ms >= SHORTEST_MS)) throw new RangeError(`every takes an interval of at least ${SHORTEST_MS} ms, not ${ms}`);
  let due = now();
  return () => {
    due = Math.max(due + ms, now());
    return due - now();
  };
}

function cron(expression: string, timezone: string | undefined): () => number | undefined {
  const schedule = new Cron(String(expression), { paused: true, ...(timezone === undefined ? {} : { timezone }) });
  return () => {
    const at = new Date();
    const next = schedule.nextRun(at);
    return next === null ? undefined : Math.max(1, next.getTime() - at.getTime());
  };
}
