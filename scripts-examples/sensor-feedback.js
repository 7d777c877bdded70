/* pulsegate
name: Sensor feedback
description: The harder the squeeze, the stronger the vibration - smoothly, and only while the sensor reports.
devices:
  - features: [Pressure, Depth, Position, Vibrate]
*/

/** Name of the device with the sensor; * stands for any text. */
const SENSOR_DEVICE = '*';
/** Inputs that serve as the sensor, the best first. */
const SENSORS = ['Pressure', 'Depth', 'Position'];
/** From the first reading on it learns for so long what weak and strong are, and drives nothing, ms. */
const CALIBRATION = 5_000;
/** Weak and strong are never taken to be closer than this, 0…1. */
const LEAST_SPAN = 0.1;
/** Share of the way from weak to strong that counts as nothing, 0…1. */
const DEAD_ZONE = 0.15;
/** How slowly the level follows the sensor: after so long it has gone two thirds of the way, ms. */
const SMOOTHING = 300;
/** How much the level rises in a second at most. Down it goes as fast as smoothing lets it. */
const STEEPEST_RISE = 0.5;
/** Level at the strongest squeeze, 0…1. */
const STRONGEST = 0.8;
/** No reading for so long, and everything is off, ms. */
const SILENCE = 2_000;

const TICK = 50;
let sensor;
let reading = 0;
let readAt = 0;
/** What was learnt, and when learning is over; undefined: it has not begun. */
let weak = 1;
let strong = 0;
let learntAt;
let level = 0;
/** The level that each device was told last; NaN: it did not take it. */
const told = new WeakMap();

function lookForSensor() {
  if (sensor) return;
  const all = devices.filter(SENSOR_DEVICE);
  const input = SENSORS.find((type) => all.some(({ inputs }) => inputs.includes(type)));
  if (!input) return;
  sensor = all.find(({ inputs }) => inputs.includes(input));
  [weak, strong, learntAt] = [1, 0, undefined];
  console.log(`The sensor is the ${input.toLowerCase()} of ${sensor.displayName}`);
  // Some have the same sensor twice, raw and processed: the first is enough.
  sensor.features.find(({ inputs }) => inputs.includes(input)).on(input, take);
  sensor.on('removed', () => {
    console.log('The sensor is gone: off');
    sensor = undefined;
    readAt = 0;
    lookForSensor();
  });
}

function take(value) {
  [reading, readAt] = [value, Date.now()];
  if (learntAt === undefined) console.log(`Squeeze and let go a few times: I learn for ${CALIBRATION / 1000} s`);
  learntAt ??= readAt + CALIBRATION;
  if (readAt < learntAt) [weak, strong] = [Math.min(weak, value), Math.max(strong, value)];
}

/** The level as it is a tick later. */
function followed() {
  if (Date.now() - readAt >= SILENCE || Date.now() < learntAt) return 0;
  const squeeze = (reading - weak) / Math.max(LEAST_SPAN, strong - weak);
  const goal = Math.min(1, Math.max(0, (squeeze - DEAD_ZONE) / (1 - DEAD_ZONE))) * STRONGEST;
  const step = (goal - level) * (1 - Math.exp(-TICK / SMOOTHING));
  return level + Math.min(step, (STEEPEST_RISE * TICK) / 1000);
}

every(TICK, () => {
  level = followed();
  // In steps of 1/50: what nobody feels need not be sent.
  const sent = Math.round(level * 50) / 50;
  for (const device of devices.filter({ output: 'Vibrate' })) {
    if ((told.get(device) ?? 0) === sent) continue;
    told.set(device, sent);
    // One that did not take it is told again at the next tick.
    device.vibrate(sent).catch(() => told.set(device, Number.NaN));
  }
});

devices.on('added', lookForSensor);
lookForSensor();
if (!sensor) console.log('Waiting for a device with a sensor');
