import { Worker } from 'node:worker_threads';
import { systemClock } from '../../clock.js';
import type { Logger } from '../../logging/logger.js';
import { Beat } from './beat.js';

/** What the watching thread begins with. */
export interface WatchOrder {
  readonly memory: SharedArrayBuffer;
  readonly limitMs: number;
}

/** Beats in the time after which silence counts. */
const BEATS = 20;
/** Memory of the watching thread, which does next to nothing, MB. */
const MEMORY = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };

/**
 * Has this thread watched by another one: code that blocks it for longer than `limitMs` is interrupted, and the interruption is an
 * `uncaughtException`, a StallError. What nothing interrupts ends the process.
 */
export function guardAgainstStalls(limitMs: number, log: Logger): void {
  const beat = new Beat();
  const order: WatchOrder = { memory: beat.memory, limitMs };
  const watch = new Worker(new URL('./watch.js', import.meta.url), {
    workerData: order,
    execArgv: [],
    resourceLimits: MEMORY,
  });
  watch.unref();
  watch.once('online', () => log.debug('whatever blocks the gateway is noticed from now on'));
  watch.on('error', (error) => log.warn({ err: error }, 'nobody notices any more when the gateway is blocked'));
  systemClock.every(limitMs / BEATS, () => beat.tick());
}
