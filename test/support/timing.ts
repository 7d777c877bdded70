import { expect } from 'vitest';

/** What the gateway promises: from the moment nobody is in charge to the stop, ms. */
export const STOP_PROMISE_MS = 50;

/**
 * What this machine may add to a promise while tests run on it, ms: other processes have the processor, a timer fires late, the
 * test itself notes a moment late. The promise without it is measured in bench/, on a machine that does nothing else.
 */
const SCHEDULING_SLACK_MS = 100;

/** Longest wait for something that has to happen but has no promised time, ms. */
export const PATIENCE_MS = 10_000;

/** Runs something that resolves with how long it took, and expects that to stay within the promise. */
export async function keepsPromise(promisedMs: number, measure: () => Promise<number>): Promise<number> {
  const tookMs = await measure();
  expect(tookMs).toBeLessThanOrEqual(promisedMs + SCHEDULING_SLACK_MS);
  return tookMs;
}
