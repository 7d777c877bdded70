/* pulsegate
name: Presence scene
description: A gentle scene fades in when somebody is in the bedroom, and fades out when they go.
devices:
  - features: [Vibrate]
mqtt:
  subscribe: [home/presence/bedroom]
  publish: [home/toys/scene]
*/
import { wave } from 'pulsegate:patterns';

/** Says `home` or `away`, or { "state": "home" }. What you change here, change in the header too. */
const PRESENCE_TOPIC = 'home/presence/bedroom';
const HOME = ['home', 'on', 'present'];
const AWAY = ['away', 'off', 'not_home'];
/** The scene: levels 0…1, times in ms. */
const scene = wave({ period: 12_000, min: 0.1, max: 0.4 });
/** From nothing to the full scene, and back, ms. */
const FADE = 8_000;
/** Where this script says, retained and this often (ms), whether the scene is on. */
const SCENE_TOPIC = 'home/toys/scene';
const SAY_EVERY = 5_000;
/** When nothing was heard of the broker for so long, the scene fades out until it says `home` again, ms. */
const BROKER_SILENCE = 12_000;

const TICK = 100;
let isHome = false;
/** How much of the scene there is at the moment, 0…1, and how long there has been any, ms. */
let share = 0;
let playedFor = 0;
let brokerHeardAt = Date.now();
let isSubscribed = false;
let problem;
/** The level that each device was told last; NaN: it did not take it. */
const told = new WeakMap();

function stateIn(payload) {
  let state = payload;
  try {
    const value = JSON.parse(payload);
    state = value.state ?? value;
  } catch {
    // Plain text, then.
  }
  return String(state).trim().toLowerCase();
}

function onPresence(payload) {
  brokerHeardAt = Date.now();
  const state = stateIn(payload);
  const isKnown = HOME.includes(state) || AWAY.includes(state);
  if (!isKnown) console.warn(`"${payload.slice(0, 40)}" is neither home nor away, so it counts as away`);
  become(HOME.includes(state));
}

function become(home) {
  if (home !== isHome) console.log(home ? 'Somebody is home: fading in' : 'Nobody is home: fading out');
  isHome = home;
}

every(TICK, () => {
  if (isHome && Date.now() - brokerHeardAt > BROKER_SILENCE) {
    console.warn('The MQTT broker does not answer, so I cannot know who is home');
    become(false);
  }
  share = Math.min(1, Math.max(0, share + (isHome ? TICK : -TICK) / FADE));
  playedFor = share > 0 ? playedFor + TICK : 0;
  // In steps of 1/50: what nobody feels need not be sent.
  const level = Math.round(share * scene(playedFor) * 50) / 50;
  for (const device of devices.filter({ output: 'Vibrate' })) {
    if ((told.get(device) ?? 0) === level) continue;
    told.set(device, level);
    // One that did not take it is told again at the next tick.
    device.vibrate(level).catch(() => told.set(device, Number.NaN));
  }
});

async function keepInTouch() {
  try {
    if (!isSubscribed) await mqtt.subscribe(PRESENCE_TOPIC, onPresence);
    isSubscribed = true;
    await mqtt.publish(SCENE_TOPIC, isHome ? 'on' : 'off', { retain: true });
    brokerHeardAt = Date.now();
    problem = undefined;
  } catch (error) {
    // Said once, not every five seconds.
    if (problem !== error.message) console.warn(`MQTT: ${error.message}`);
    problem = error.message;
  }
}
every(SAY_EVERY, keepInTouch);
await keepInTouch();
