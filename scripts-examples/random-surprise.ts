/* pulsegate
name: Random surprise
description: Now and then, a few times a day and never at night, a short and gentle surprise.
devices: all
*/
import { envelope, type Pattern, pulse, ramp, randomWalk, wave } from 'pulsegate:patterns';

/** Never more than so many a day. */
const MOST_PER_DAY = 4;
/** The time between two of them is random, between these, minutes. */
const PAUSE_MINUTES = { least: 40, most: 180 };
/** From when until when there are none: hours 0…24, local time of the gateway. */
const QUIET_HOURS = { from: 22, until: 8 };
/** How long one takes, ms. */
const LENGTH_MS = { least: 4000, most: 10_000 };
/** No surprise is stronger, 0…1. */
const STRONGEST = 0.4;

const PATTERNS: readonly (() => Pattern)[] = [
  () => wave({ period: between(800, 3000) }),
  () => pulse({ on: between(100, 400), off: between(200, 800) }),
  () => ramp({ over: between(1000, 4000), after: 'bounce' }),
  () => randomWalk({ seed: Math.round(between(0, 1e9)), every: 300, step: 0.5, min: 0.2 }),
];

interface Day {
  readonly date: string;
  readonly surprises: number;
}

for (;;) {
  await sleep(60_000 * between(PAUSE_MINUTES.least, PAUSE_MINUTES.most));
  const day = await today();
  const device = oneOf(devices.filter({ output: 'Vibrate' }));
  const pattern = oneOf(PATTERNS);
  if (!device || !pattern || day.surprises >= MOST_PER_DAY || isQuiet(0) || isQuiet(LENGTH_MS.most)) continue;
  // Counted first: what goes wrong now must not come again and again.
  const surprises = day.surprises + 1;
  await storage.set('day', { ...day, surprises } satisfies Day);
  console.log(`A surprise for ${device.displayName}, ${surprises} of at most ${MOST_PER_DAY} today`);
  await surprise(device, pattern(), between(LENGTH_MS.least, LENGTH_MS.most));
}

/** It swells in the first quarter of its time, and fades in the last. */
async function surprise(device: PulsegateDevice, pattern: Pattern, length: number): Promise<void> {
  const gently = envelope({ attack: length / 4, hold: length / 2, release: length / 4 }, pattern);
  try {
    for (let ms = 0; ms < length; ms += 100) {
      await device.vibrate(STRONGEST * gently(ms));
      await sleep(100);
    }
    await device.vibrate(0);
  } catch (error) {
    if (device.connected) throw error;
    console.log(`${device.displayName} has gone; so much for the surprise`);
  }
}

/** What storage has of today; a restart does not change it. */
async function today(): Promise<Day> {
  const date = new Date().toDateString();
  const stored: Day | undefined = await storage.get('day');
  return stored?.date === date ? stored : { date, surprises: 0 };
}

/** Whether it will be night in so many ms. */
function isQuiet(ms: number): boolean {
  const hour = new Date(Date.now() + ms).getHours();
  const { from, until } = QUIET_HOURS;
  return from <= until ? hour >= from && hour < until : hour >= from || hour < until;
}

function between(least: number, most: number): number {
  return least + Math.random() * (most - least);
}

function oneOf<T>(choices: readonly T[]): T | undefined {
  return choices[Math.floor(Math.random() * choices.length)];
}
