/* pulsegate
name: Pattern player
description: Plays a list of patterns, one after the other, on everything that vibrates.
devices: all
*/
import { envelope, mix, pulse, ramp, sequence, wave } from 'pulsegate:patterns';

/** What is played, in this order; `ms` is for how long. Times are in ms, levels go from 0 (off) to 1. */
const PLAYLIST = [
  { name: 'Waves', ms: 16_000, pattern: wave({ period: 4000, min: 0.1 }) },
  { name: 'Knocking', ms: 12_000, pattern: pulse({ on: 300, off: 700, level: 0.8 }) },
  { name: 'Climbing', ms: 15_000, pattern: ramp({ from: 0.1, to: 1, over: 5000, after: 'repeat' }) },
  { name: 'Stairs', ms: 16_000, pattern: repeated(...[0.25, 0.5, 0.75, 1].map((level) => ({ level, for: 1000 }))) },
  {
    name: 'Swells',
    ms: 15_000,
    pattern: repeated({ pattern: envelope({ attack: 2000, hold: 500, release: 1000 }), for: 5000 }),
  },
  // A slow wave that counts twice, with a fast one on top.
  { name: 'Ripples', ms: 18_000, pattern: mix([wave({ period: 6000 }), 2], wave({ period: 600 })) },
];
/** How often the list is played, 1 or more. */
const ROUNDS = 2;
/** What level 1 of a pattern becomes, 0…1. */
const STRONGEST = 0.8;
/** Each pattern fades in and out for so long, ms; at most half of the shortest pattern. */
const FADE_MS = 1000;
/** Everything is off for so long between two patterns, ms. */
const PAUSE_MS = 2000;
/** 10 to 20; Bluetooth is not much faster. */
const UPDATES_PER_SECOND = 15;

for (let round = 1; round <= ROUNDS; round++) {
  for (const { name, ms, pattern } of PLAYLIST) {
    await devicesHere();
    console.log(`${name}, for ${ms / 1000} s (round ${round} of ${ROUNDS})`);
    await play(envelope({ attack: FADE_MS, hold: ms - 2 * FADE_MS, release: FADE_MS }, pattern), ms);
    await sleep(PAUSE_MS);
  }
}
console.log('That was the last one');

async function play(pattern, length) {
  const stepMs = 1000 / UPDATES_PER_SECOND;
  for (let ms = 0; ms < length; ms += stepMs) {
    await devicesHere();
    await setAll(STRONGEST * pattern(ms));
    await sleep(stepMs);
  }
  await setAll(0);
}

/** Resolves when there is something to play on, now or later. */
async function devicesHere() {
  if (devices.find({ output: 'Vibrate' })) return;
  console.log('Nothing here vibrates; it goes on when a device comes');
  await devices.first({ output: 'Vibrate' });
}

/** Asks anew each time which devices there are, so that they may come and go. */
async function setAll(level) {
  await Promise.all(devices.filter({ output: 'Vibrate' }).map((device) => vibrate(device, level)));
}

/** A device that drops out at this very moment is no reason to end; anything else is. */
function vibrate(device, level) {
  return device.vibrate(level).catch((error) => {
    if (device.connected) throw error;
  });
}

/** One after the other, again and again. */
function repeated(...parts) {
  return sequence(parts, { repeat: true });
}
