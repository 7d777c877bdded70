import { expect } from 'vitest';
import { type LiveGateway, startLive, TESTBED } from '../live-gateway.js';
import { PATIENCE_MS, STOP_PROMISE_MS } from '../timing.js';
import type { OutputCase } from './outputs.js';
import { type Cause, obeyed, sessions, simulatedPackets } from './stage.js';

/** The testbed's button: pressing it makes the script do what the cause is about. */
const BUTTON = 12;
const PING_TIME_MS = 300;
/** Longest that one turn may take by default, ms; with the processor to itself it is ended after 200 ms of computing. */
const WALL_MS = 500;

function drivingScript({ feature, share, name }: OutputCase, deed: string): string {
  const type = name.split(',')[0] ?? name;
  const method = type === 'HwPositionWithDuration' ? 'positionWithDuration' : type.toLowerCase();
  return `
    // A second life would drive the output anew, and hide what happened to it.
    if (await storage.get('has lived')) script.exit();
    else {
      await storage.set('has lived', true);
      const device = devices.find(0);
      device.on('button', (pressed) => { if (pressed) { ${deed} } });
      await device.feature(${feature}).${method}(${share}, 10_000);
    }
    every(60_000, () => {});`;
}

function scriptCause({
  name,
  withinMs = STOP_PROMISE_MS,
  section = {},
  deed = '',
  strike = press,
}: {
  readonly name: string;
  readonly withinMs?: number;
  readonly section?: object;
  readonly deed?: string;
  /** Resolves with the moment from which time counts. */
  readonly strike?: (live: LiveGateway) => number | Promise<number>;
}): Cause {
  return {
    name,
    withinMs,
    async begin(output) {
      const live = await startLive({
        config: { scripts: section },
        scripts: { 'driving.js': drivingScript(output, deed) },
      });
      const packets = () => simulatedPackets(live);
      await obeyed(packets, output);
      return {
        packets,
        strike: async () => strike(live),
        settled: () => sessions(live, 0),
        [Symbol.asyncDispose]: () => live[Symbol.asyncDispose](),
      };
    },
  };
}

async function press(live: LiveGateway): Promise<number> {
  const moment = Date.now();
  await live.simulated.sense(TESTBED, BUTTON, 1);
  return moment;
}

async function killHost({ gateway }: LiveGateway): Promise<number> {
  const { pid } = gateway.scripts.host;
  if (pid === undefined) throw new Error('There is no script host');
  const moment = Date.now();
  process.kill(pid, 'SIGKILL');
  return moment;
}

async function stopIt(live: LiveGateway): Promise<number> {
  const moment = Date.now();
  live.gateway.scripts.act('driving', 'stop');
  await expect.poll(() => live.script('driving').state, { interval: 5, timeout: PATIENCE_MS }).toBe('off');
  return moment;
}

export const scriptCauses: readonly Cause[] = [
  scriptCause({ name: 'script throws', deed: "throw new Error('on purpose');" }),
  scriptCause({ name: 'script exits', deed: 'script.exit();' }),
  scriptCause({ name: 'script stopped', strike: stopIt }),
  // The host ends the turn when it has used up its time.
  scriptCause({ name: 'script loops', withinMs: WALL_MS + STOP_PROMISE_MS, deed: 'for (;;);' }),
  scriptCause({
    name: 'script fills memory',
    withinMs: WALL_MS + STOP_PROMISE_MS,
    deed: 'const all = []; for (;;) all.push({ some: { more: all.length } });',
  }),
  scriptCause({
    name: 'script storms promises',
    withinMs: WALL_MS + STOP_PROMISE_MS,
    deed: '(async () => { for (;;) await null; })();',
  }),
  // Nobody ends the turn: the ping comes from the script's own event loop, and is missed.
  scriptCause({
    name: 'script misses ping',
    withinMs: PING_TIME_MS + STOP_PROMISE_MS,
    section: { maxPingTime: PING_TIME_MS, cpuMs: 10_000, wallMs: 30_000 },
    deed: 'for (;;);',
  }),
  scriptCause({ name: 'script host killed', strike: killHost }),
];
