import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { systemClock } from '../../clock.js';
import { Beat } from './beat.js';
import type { WatchOrder } from './guard.js';
import { interruptMainThread } from './interrupt.js';

/** Looks in the time after which silence counts. They are what is counted: a machine that slept has looked at nothing meanwhile. */
const LOOKS = 10;
/** How long the thread may take to come round once it was interrupted, ms. */
const RETURN_MS = 2_000;
const MOST_INTERRUPTIONS = 3;
/** The streams of other threads than the main one go by way of that. */
const STANDARD_ERROR = 2;

const { memory, limitMs }: WatchOrder = workerData;
const beat = new Beat(memory);
const lookEveryMs = limitMs / LOOKS;
const looksToReturn = Math.ceil(RETURN_MS / lookEveryMs);
let turns = beat.turns;
let misses = 0;
let interruptions = 0;

systemClock.every(lookEveryMs, () => {
  misses = turns === beat.turns ? misses + 1 : 0;
  turns = beat.turns;
  // Before the first turn there is nothing that could hang: the thread still loads.
  if (turns === 0 || beat.isDebugged) misses = 0;
  else if (misses === LOOKS) interrupt();
  else if (misses === LOOKS + looksToReturn) giveUp();
});

/** The first one makes the gateway end; what blocks it again and again keeps it from doing so. */
function interrupt(): void {
  interruptions += 1;
  if (interruptions > MOST_INTERRUPTIONS) giveUp();
  // Where that fails, the thread does not come back, and the looks go on.
  else interruptMainThread(`The gateway was blocked for ${limitMs} ms`).catch(() => {});
}

/** Neither the log nor anything else of the thread is in reach. */
function giveUp(): void {
  writeSync(
    STANDARD_ERROR,
    `The gateway is blocked by something that does not give way, and ends without having stopped its devices.
Start it again: it looks for them, and stops them.
`,
  );
  process.kill(process.pid, 'SIGKILL');
}
