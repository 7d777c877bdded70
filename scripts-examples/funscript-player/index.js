/* pulsegate
name: Funscript player
description: Plays a funscript on the first device that strokes, or else on everything that vibrates.
devices: all
*/
import { load, play } from 'pulsegate:funscript';

/** The file, in the folder of this script. Put yours beside it. */
const FILE = './demo.funscript';
/** How often it is played, 1 or more. */
const ROUNDS = 3;
/** The part of the stroke that is used, 0…1. */
const STROKE = { low: 0.1, high: 0.9 };
/** Strength of devices that vibrate instead, 0…1. */
const INTENSITY = 0.8;
/** How fast it is played, 0.1…4. */
const SPEED = 1;

const funscript = await load(FILE);
console.log(`${FILE}: ${funscript.actions.length} strokes in ${seconds(funscript.duration)}`);

if (chosen().length === 0) console.log('Nothing here strokes or vibrates; it begins when a device comes');
while (chosen().length === 0) await sleep(500);
await Promise.all(chosen().map((device) => playAll(device.index)));
console.log('That was it');

function chosen() {
  const stroker = devices.find({ output: 'HwPositionWithDuration' });
  return stroker ? [stroker] : devices.filter({ output: 'Vibrate' });
}

/** All rounds on one device. It may drop out: by its index it is known again. */
async function playAll(index) {
  for (let round = 1; round <= ROUNDS; round++) {
    let place = 0;
    while (place < funscript.duration) {
      const device = await devices.first(index);
      console.log(`${device.displayName}: round ${round} of ${ROUNDS}, from ${seconds(place)}`);
      place = await playFrom(device, place);
      if (place < funscript.duration) console.log(`${device.displayName} dropped out; it goes on when it is back`);
    }
  }
}

/** How far it came, ms. */
async function playFrom(device, from) {
  const player = play(device, funscript, {
    from,
    range: [STROKE.low, STROKE.high],
    intensity: INTENSITY,
    speed: SPEED,
  });
  const dropping = device.on('removed', () => player.stop());
  try {
    return (await player.finished) === 'ended' ? funscript.duration : player.position;
  } catch (error) {
    if (device.connected) throw error;
    return player.position;
  } finally {
    dropping.cancel();
  }
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
