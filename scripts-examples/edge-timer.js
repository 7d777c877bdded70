/* pulsegate
name: Edge timer
description: Builds up in stages, holds, cools down, and again, higher and longer each round.
devices: all
*/
import { randomWalk } from 'pulsegate:patterns';

const ROUNDS = 5;
/** The limit of the first round, how much each round adds to it, and what it never exceeds, 0…1. */
const LIMIT = { first: 0.5, more: 0.1, most: 0.9 };
/** A build-up has so many stages, each so long, ms. */
const STAGES = 5;
const STAGE_MS = 10_000;
/** How long the limit is held in the first round, and how much longer in each round after it, ms. */
const HOLD_MS = 6000;
const HOLD_MORE_MS = 3000;
/** Everything is off between two rounds for a random time between these, ms. */
const COOL_DOWN_MS = { least: 15_000, most: 40_000 };
/** After the last round it fades out for so long, ms. */
const FADE_MS = 8000;

const sessions = (await storage.get('sessions')) ?? 0;
console.log(`Session ${sessions + 1}, ${ROUNDS} rounds`);
/** A random number 0…1 for every round. A session that was broken off has the same ones again. */
const random = randomWalk({ seed: sessions, every: 1, step: 1 });

let level = 0;
// Whoever joins, or comes back, falls in.
devices.on('added', vibrate);

for (let round = 1; round <= ROUNDS; round++) {
  const limit = Math.min(LIMIT.most, LIMIT.first + LIMIT.more * (round - 1));
  console.log(`Round ${round}: up to ${percent(limit)}`);
  for (let stage = 1; stage <= STAGES; stage++) await hold((limit * stage) / STAGES, STAGE_MS);
  console.log(`Round ${round}: hold it`);
  await hold(limit, HOLD_MS + HOLD_MORE_MS * (round - 1));
  if (round < ROUNDS) {
    const coolDownMs = COOL_DOWN_MS.least + random(round) * (COOL_DOWN_MS.most - COOL_DOWN_MS.least);
    console.log(`Round ${round}: cool down for ${Math.round(coolDownMs / 1000)} s`);
    setAll(0);
    await sleep(coolDownMs);
  }
}

console.log('That was the last round');
for (let left = 9; left >= 0; left--) {
  setAll((level * left) / (left + 1));
  await sleep(FADE_MS / 10);
}
await storage.set('sessions', sessions + 1);
console.log(`Sessions so far: ${sessions + 1}`);
// The listener above would keep it waiting for devices.
script.exit();

/** Keeps a level for so long. The time runs only while there is a device to feel it. */
async function hold(next, ms) {
  setAll(next);
  for (let past = 0; past < ms; past += 1000) {
    if (!devices.find({ output: 'Vibrate' })) {
      console.log('Nothing here vibrates; the timer waits for a device');
      await devices.first({ output: 'Vibrate' });
    }
    await sleep(Math.min(1000, ms - past));
  }
}

function setAll(next) {
  level = next;
  for (const device of devices) void vibrate(device);
}

async function vibrate(device) {
  if (!device.has('Vibrate')) return;
  await device.vibrate(level).catch((error) => {
    // A device that drops out at this very moment is no reason to end; anything else is.
    if (device.connected) throw error;
  });
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}
