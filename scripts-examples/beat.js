/* pulsegate
name: Beat
description: Drums on everything that vibrates; strokers and oscillators move with the bar.
devices: all
*/
import { randomWalk } from 'pulsegate:patterns';

/** Beats per minute, 40…200. */
const BPM = 100;
/** One bar: how strong its beats are, 0…1. */
const BAR = [1, 0.4, 0.7, 0.4];
/** A fill takes the place of every fourth bar: as long, with as many beats as you like. */
const FILL = [1, 0.4, 0.7, 0.4, 0.8, 0.6, 0.9, 1];
const FILL_EVERY = 4;
/** How much of its time a beat is on, 0…1. */
const LENGTH = 0.4;
/** How late every second beat comes, as a part of its time: 0 (straight) to 0.5. With LENGTH at most 1. */
const SWING = 0.15;
/** How much weaker than written a beat may be: 0 (a machine) to 1. */
const HUMAN = 0.25;
/** Another whole number makes another drummer. */
const SEED = 1;
/** Level of the strongest beat, 0…1. */
const STRONGEST = 0.8;
/** Where strokers turn, 0…1 each; they take one bar from one end to the other. */
const STROKE = [0.1, 0.9];
/** Speed of oscillators in a bar and in a fill, 0…1. */
const SPEED = { bar: 0.4, fill: 0.6 };
/** After so many bars it is over. */
const BARS = 64;

const barMs = (BAR.length * 60_000) / BPM;
/** The drummer's force, which wanders up and down. */
const force = randomWalk({ seed: SEED, every: barMs / BAR.length, step: 0.2, min: 1 - HUMAN, max: 1 });
/** When the rest under way should end. */
let due = Date.now();

console.log(`${BARS} bars at ${BPM} beats per minute`);
for (let bar = 0; bar < BARS; bar++) {
  if (devices.length === 0) {
    console.log('There is no device; the drummer waits for one');
    await devices.first();
  }
  const isFill = (bar + 1) % FILL_EVERY === 0;
  if (isFill) console.log(`Fill in bar ${bar + 1}`);
  tellAll('HwPositionWithDuration', (stroker) => stroker.positionWithDuration(STROKE[(bar + 1) % 2], barMs));
  tellAll('Oscillate', (oscillator) => oscillator.oscillate(isFill ? SPEED.fill : SPEED.bar));
  await drum(isFill ? FILL : BAR, bar * barMs);
}
tellAll('Oscillate', (oscillator) => oscillator.oscillate(0));
console.log('That was it');

async function drum(accents, startMs) {
  const beatMs = barMs / accents.length;
  for (const [index, accent] of accents.entries()) {
    const late = index % 2 === 1 ? SWING : 0;
    await rest(late * beatMs);
    const level = STRONGEST * accent * force(startMs + index * beatMs);
    tellAll('Vibrate', (vibrator) => vibrator.vibrate(level));
    await rest(LENGTH * beatMs);
    tellAll('Vibrate', (vibrator) => vibrator.vibrate(0));
    await rest((1 - late - LENGTH) * beatMs);
  }
}

/** As `sleep`, but a bit less when the last time took a bit more: a drummer keeps time. */
async function rest(ms) {
  due = Math.max(due + ms, Date.now());
  await sleep(Math.min(ms, due - Date.now()));
}

/** Without waiting for an answer, which would hold up the beat. */
function tellAll(output, command) {
  for (const device of devices) {
    for (const feature of device.features) {
      // What both strokes and oscillates, as one, is told to stroke.
      if (!feature.has(output) || (output === 'Oscillate' && feature.has('HwPositionWithDuration'))) continue;
      command(feature).catch((error) => {
        // A device that drops out at this very moment is no reason to end; anything else is.
        if (device.connected) throw error;
      });
    }
  }
}
