/* pulsegate
name: Safety limiter
description: Plays within limits of level and time, and stops everything, whoever drives it, when it has been long enough.
*/
import { product, pulse, randomWalk } from 'pulsegate:patterns';

// These limits hold for what this script plays, and others may go on after the stop at the end of a session. Limits of a device
// that nobody gets past belong into data/devices.yml (range, disabled, deny): see docs/configuration.md.

/** What is played, levels 0…1 over time. Put any pattern here: the limits below hold for all of them. */
const PATTERN = randomWalk({ seed: 1, every: 3_000, min: 0.2 });
/** Never stronger than this, 0…1. */
const STRONGEST = 0.6;
/** Never on for longer than this at a stretch, and how long the break is then, ms. */
const LONGEST_ON = 4 * 60_000;
const BREAK = 60_000;
/** So long after its beginning a session ends: everything is stopped for everybody, and this script rests, ms. */
const SESSION = 20 * 60_000;
const REST = 10 * 60_000;
/** Time on that one day has room for, all sessions together, ms. */
const DAILY_BUDGET = 45 * 60_000;

const limited = (pattern) => product((ms) => Math.min(STRONGEST, pattern(ms)), pulse({ on: LONGEST_ON, off: BREAK }));
const play = limited(PATTERN);

const TICK = 250;
/** Time is put down before it is used, so that neither a crash nor a restart gains any, ms. */
const BOOKED_AT_A_TIME = 15_000;
let booked = 0;
/** How long this session has lasted, and how long nothing is played from now on, ms. */
let elapsed = 0;
let pause = 0;
let isRefusing = false;

// Started anew in the middle of a stretch, it begins with the break.
const before = await storage.get('used');
if (before && Date.now() - before.at <= BOOKED_AT_A_TIME + BREAK) pause = BREAK;

/** Takes a tick out of the day's time. False: there is none left. */
async function pay() {
  if (booked < TICK) {
    const day = new Date().toDateString();
    const saved = await storage.get('used');
    const used = saved?.day === day ? saved.ms : 0;
    // What cannot be counted is not played.
    if (!Number.isFinite(used) || used + BOOKED_AT_A_TIME > DAILY_BUDGET) return false;
    await storage.set('used', { day, ms: used + BOOKED_AT_A_TIME, at: Date.now() });
    booked += BOOKED_AT_A_TIME;
  }
  booked -= TICK;
  return true;
}

async function endSession(reason) {
  console.warn(`${reason}: everything is stopped, and I rest for ${REST / 60_000} minutes`);
  elapsed = 0;
  pause = REST;
  try {
    await stopAll();
  } catch (error) {
    console.error(`A device did not take its stop; the gateway sees to it (${error.message})`);
  }
}

every(TICK, async () => {
  pause -= TICK;
  if (pause > 0) return;
  const toys = devices.filter({ output: 'Vibrate' });
  if (elapsed === 0 && toys.length === 0) return;
  if (elapsed >= SESSION) return endSession(`The session has lasted ${SESSION / 60_000} minutes`);
  const level = toys.length > 0 ? play(elapsed) : 0;
  if (level > 0 && !(await pay())) {
    if (elapsed > 0) return endSession('The time for today is used up');
    if (!isRefusing) console.warn('The time for today is used up: nothing more until tomorrow');
    isRefusing = true;
    pause = 60_000;
    return;
  }
  if (elapsed === 0) console.log('A session begins');
  isRefusing = false;
  elapsed += TICK;
  // At every tick, also in a break: whoever did not take a level is told the next.
  await Promise.allSettled(toys.map((toy) => toy.vibrate(level)));
});
