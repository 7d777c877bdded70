/* pulsegate
name: Devices in step
description: Moves all devices by one pattern, each in its own way; whoever joins later falls into step.
devices: all
*/
import { sequence, wave } from 'pulsegate:patterns';

/** What all follow: levels 0…1, times in ms. It has no beginning: the clock says where in it everybody is. */
const PATTERN = sequence(
  [
    { pattern: wave({ period: 4000 }), for: 16_000 },
    { pattern: wave({ period: 2000 }), for: 8000 },
    { pattern: wave({ period: 8000, shape: 'triangle' }), for: 16_000 },
  ],
  { repeat: true },
);
/** The highest level, or speed, of each kind, 0…1. */
const STRONGEST = { vibrate: 0.7, rotate: 0.6, oscillate: 0.5 };
/** Ends of the stroke, 0…1. */
const STROKE = { low: 0.1, high: 0.9 };
/** Updates of levels in a second, 1…20. */
const UPDATES_PER_SECOND = 10;
/** Strokers get a move of this time, one after the other, ms; no shorter than 100. */
const MOVE_MS = 500;
/** It ends after so many minutes. */
const MINUTES = 10;

/** Rotators that refused to turn the other way. */
const oneWay = new WeakSet();

devices.on('added', (device) => console.log(`${device.displayName} joins: ${device.outputs.join(', ')}`));
devices.on('removed', (device) => console.log(`${device.displayName} has left`));
console.log(`${devices.length} devices move in step for ${MINUTES} minutes`);

every(1000 / UPDATES_PER_SECOND, () => {
  const level = PATTERN(Date.now());
  tellAll((feature) => {
    // Something that strokes has enough to do with its moves.
    if (feature.has('HwPositionWithDuration')) return;
    if (feature.has('Vibrate')) return feature.vibrate(level * STRONGEST.vibrate);
    if (feature.has('Oscillate')) return feature.oscillate(level * STRONGEST.oscillate);
    if (feature.has('Rotate')) return rotate(feature, level);
  });
});

every(MOVE_MS, () => {
  // It takes its time to get there, so it is sent where the others will be by then.
  const place = STROKE.low + PATTERN(Date.now() + MOVE_MS) * (STROKE.high - STROKE.low);
  tellAll((feature) => {
    if (feature.has('HwPositionWithDuration')) return feature.positionWithDuration(place, MOVE_MS);
  });
});

await sleep(MINUTES * 60_000);
console.log('Time is up');
// What it drives stops with it.
script.exit();

/** One way in the lower half of the pattern and the other in its upper half; or just by the level, if it turns one way only. */
async function rotate(feature, level) {
  try {
    await feature.rotate((oneWay.has(feature) ? level : 2 * level - 1) * STRONGEST.rotate);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    oneWay.add(feature);
    await feature.rotate(level * STRONGEST.rotate);
  }
}

function tellAll(command) {
  for (const device of devices) {
    for (const feature of device.features) {
      Promise.resolve(command(feature)).catch((error) => {
        // A device that drops out at this very moment is no reason to end; anything else is.
        if (device.connected) throw error;
      });
    }
  }
}
