import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { systemClock } from '../../clock.js';
import { Beat } from './beat.js';
import type { WatchOrder } from './guard.js';
import { interruptMainThread } from './interrupt.js';

/** Looks in the time after which silence counts. */
const LOOKS = 10;
/** So many of them have to have missed it: a process that was halted, or a machine that slept, has looked at nothing meanwhile. */
const LEAST_MISSES = LOOKS / 2;
/** How long the thread may take to come round once it was interrupted, ms. */
const RETURN_MS = 2_000;
const MOST_INTERRUPTIONS = 3;
/** The streams of other threads than the main one go by way of that. */
const STANDARD_ERROR = 2;

const { memory, limitMs }: WatchOrder = workerData;
const beat = new Beat(memory);
let turns = beat.turns;
let turnedAt = systemClock.now();
let misses = 0;
let interruptions = 0;
/** It was interrupted in this silence. */
let isInterrupted = false;

systemClock.every(limitMs / LOOKS, () => {
  const silentMs = systemClock.now() - turnedAt;
  if (turns !== beat.turns || beat.isDebugged) begin();
  else {
    misses += 1;
    if (misses >= LEAST_MISSES && silentMs >= limitMs && !isInterrupted) interrupt();
    else if (misses >= LOOKS && silentMs >= limitMs + RETURN_MS) giveUp();
  }
});

function begin(): void {
  turns = beat.turns;
  turnedAt = systemClock.now();
  misses = 0;
  isInterrupted = false;
}

/** The first one makes the gateway end; what blocks it again and again keeps it from doing so. */
function interrupt(): void {
  isInterrupted = true;
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
