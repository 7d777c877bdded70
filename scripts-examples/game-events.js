/* pulsegate
name: Game events
description: Asks a game on this machine what has happened, and turns it into effects.
devices:
  - features: [Vibrate]
http: ["localhost:5151"]
limits:
  httpPerMinute: 300
*/
import { constant, delay, envelope, highest, ramp, wave } from 'pulsegate:patterns';

/** Answers { "events": [{ "id": 1, "type": "hit", "strength": 0.6 }, …] }. The host is granted in the header. */
const EVENTS_URL = 'http://localhost:5151/events';
/** How often the game is asked, ms; for less than 200, raise httpPerMinute in the header. */
const ASK_EVERY = 250;
/** Longest wait before a game that is away is asked again, ms. */
const LONGEST_WAIT = 30_000;
/** Nothing is ever stronger, 0…1. */
const STRONGEST = 0.8;
/** What an event does, by its type and strength (0…1): levels 0…1 over time, and how long it lasts, ms. */
const EFFECTS = {
  hit: (strength) => ({ lasts: 300, pattern: envelope({ attack: 0, hold: 200, release: 100 }, constant(strength)) }),
  heal: (strength) => ({
    lasts: 3_000,
    pattern: envelope({ attack: 800, hold: 1_400, release: 800 }, wave({ period: 1_000, max: strength / 2 })),
  }),
  death: () => ({ lasts: 4_000, pattern: ramp({ from: 1, to: 0, over: 4_000 }) }),
};

/** Effects under way, by the time (ms) that `every` below counts; the strongest is felt. */
let active = [];
let time = 0;
/** Level that the devices were told last; NaN: one did not take it. */
let told = 0;

const TICK = 50;
every(TICK, async () => {
  time += TICK;
  active = active.filter(({ endsAt }) => endsAt > time);
  const strongest = active.length > 0 ? highest(...active.map(({ pattern }) => pattern))(time) : 0;
  const level = Math.round(strongest * STRONGEST * 50) / 50;
  if (level === told) return;
  const results = await Promise.allSettled(devices.filter({ output: 'Vibrate' }).map((toy) => toy.vibrate(level)));
  told = results.every(({ status }) => status === 'fulfilled') ? level : Number.NaN;
});

/** Highest id so far; undefined: the game has just come, and what it tells now is old. */
let lastId;

function take({ events }) {
  const known = events.filter((event) => Number.isSafeInteger(event?.id) && Object.hasOwn(EFFECTS, event.type));
  const newest = Math.max(0, ...known.map(({ id }) => id));
  // A game that was started anew begins to count anew.
  if (lastId === undefined || (known.length > 0 && newest < lastId)) lastId = newest;
  for (const { type, strength } of known.filter(({ id }) => id > lastId)) {
    const { pattern, lasts } = EFFECTS[type](Math.min(1, Math.max(0, Number(strength) || 0)));
    // Of a hail of events the last ten are enough.
    active = [...active.slice(-9), { pattern: delay(pattern, time), endsAt: time + lasts }];
  }
  lastId = Math.max(lastId, newest);
}

let isThere;
let isGarbled = false;
for (let wait = ASK_EVERY; ; await sleep(wait)) {
  let response;
  try {
    response = await http.fetch(EVENTS_URL, { timeout: 2_000 });
    if (!response.ok) throw new Error(`it answers with status ${response.status}`);
  } catch (error) {
    if (isThere !== false) console.log(`The game is away; I keep asking (${error.message})`);
    isThere = false;
    lastId = undefined;
    wait = Math.min(LONGEST_WAIT, wait * 2);
    continue;
  }
  if (!isThere) console.log('The game is there');
  isThere = true;
  wait = ASK_EVERY;
  try {
    take(await response.json());
    isGarbled = false;
  } catch (error) {
    if (!isGarbled) console.warn(`The game said something I do not understand: ${error.message}`);
    isGarbled = true;
  }
}
