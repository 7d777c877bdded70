/* pulsegate
name: Button drives another
description: A button or a pressure sensor on one device is the remote control of another.
devices:
  - features: [Button, Pressure, Vibrate]
*/

/** Names of the remote and of the toy it drives; * stands for any text. Of several, the first is taken. */
const REMOTE = '*';
const TOY = '*';
/** Levels that presses of the button step through, 0…1; after the last it is off. */
const STEPS = [0.25, 0.5, 0.75, 1];
/** Holding the button for so long stops, ms. */
const LONG_PRESS = 800;
/** true: instead of stepping, it runs at the first level while the button is pressed, and stops on release. */
const ONLY_WHILE_PRESSED = false;
/** A remote without a button, but with a pressure sensor: up to here a squeeze is none, 0…1. */
const WEAKEST_SQUEEZE = 0.1;
/** Level at the strongest squeeze, 0…1. */
const STRONGEST = 0.8;
/** It stops when nobody has touched the remote for so long, ms. */
const AUTO_OFF = 10 * 60_000;

let remote;
let toy;
/** Level that the toy should have, and the one it has taken; NaN: it did not take the last. */
let wanted = 0;
let taken = 0;
let touchedAt = 0;
let pressedAt;

function onButton(number) {
  touchedAt = Date.now();
  if (number > 0) {
    pressedAt = touchedAt;
    if (ONLY_WHILE_PRESSED) wanted = STEPS[0];
    return;
  }
  const wasShort = touchedAt - pressedAt < LONG_PRESS;
  pressedAt = undefined;
  if (ONLY_WHILE_PRESSED) wanted = 0;
  else if (wasShort) wanted = STEPS.find((step) => step > wanted) ?? 0;
  console.log(wanted > 0 ? `Level ${wanted}` : 'Off');
}

function onPressure(pressure) {
  touchedAt = Date.now();
  const strength = Math.max(0, (pressure - WEAKEST_SQUEEZE) / (1 - WEAKEST_SQUEEZE));
  // In steps of 1/20: a hand is never still, and the toy need not hear of every tremor.
  wanted = (Math.round(strength * 20) / 20) * STRONGEST;
}

function lookForRemote() {
  if (remote) return;
  const others = devices.filter(REMOTE).filter((device) => device !== toy);
  const input = others.some(({ inputs }) => inputs.includes('Button')) ? 'Button' : 'Pressure';
  remote = others.find(({ inputs }) => inputs.includes(input));
  if (!remote) return;
  console.log(`${remote.displayName} is the remote, by its ${input.toLowerCase()}`);
  // Some have the same sensor twice, raw and processed: the first is enough.
  const feature = remote.features.find(({ inputs }) => inputs.includes(input));
  feature.on(input, input === 'Button' ? onButton : onPressure);
  remote.on('removed', () => {
    console.log('The remote is gone: off');
    remote = undefined;
    pressedAt = undefined;
    wanted = 0;
    lookForRemote();
  });
}
devices.on('added', lookForRemote);
lookForRemote();
if (!remote) console.log('Waiting for a device with a button or a pressure sensor');

// Every 50 ms: a fast sensor cannot flood the toy, and what the toy did not take is told again.
every(50, async () => {
  if (!toy?.connected) {
    toy = devices.filter({ name: TOY, output: 'Vibrate' }).find((device) => device !== remote);
    taken = 0;
    // A toy that comes back stays off until the remote is touched again.
    wanted = 0;
  }
  if (pressedAt !== undefined && !ONLY_WHILE_PRESSED && Date.now() - pressedAt >= LONG_PRESS) wanted = 0;
  if (Date.now() - touchedAt > AUTO_OFF) wanted = 0;
  if (!toy || wanted === taken) return;
  const level = wanted;
  try {
    await toy.vibrate(level);
    taken = level;
  } catch (error) {
    taken = Number.NaN;
    console.debug(`${toy.displayName} did not take level ${level}: ${error.message}`);
  }
});
