import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptedGateway } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';
import { levelsOver } from '../../../support/scripting/levels.js';
import { restartWith } from '../../../support/scripting/restart-with.js';

const SCRIPT = 'safety-limiter';
const TOY = 'pulsegate-testbed-1';
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const STEP_MS = 5 * SECOND;
/** Of the toy's 20 steps, 0.6. */
const CAP = 12;
/** As the script writes it, at the beginning of the test's time. */
const TODAY = new Date('2026-01-01T00:00:00Z').toDateString();
const YESTERDAY = new Date('2025-12-31T00:00:00Z').toDateString();

const run = async (device: object = {}) =>
  bootScripts({
    devices: [{ model: 'Pulsegate Testbed', messageGap: 0, ...device }],
    scripts: await exampleScripts(SCRIPT),
    // Half an hour of pings is nothing that this is about.
    section: { maxPingTime: 60_000 },
  });

/** Vibration, every five seconds. */
async function watch(gateway: ScriptedGateway, forMs: number): Promise<readonly number[]> {
  const [levels] = await levelsOver(gateway, [[TOY, 'Vibrate']], { forMs, stepMs: STEP_MS });
  return levels ?? [];
}

/** How often in a row it was seen on, and off, in turns: four minutes and one are `48, -12`. */
function stretches(levels: readonly number[]): readonly number[] {
  const lengths: number[] = [];
  for (const level of levels) {
    const isOn = level > 0;
    const last = lengths.at(-1);
    if (last !== undefined && last > 0 === isOn) lengths[lengths.length - 1] = last + (isOn ? 1 : -1);
    else lengths.push(isOn ? 1 : -1);
  }
  return lengths;
}

const said = (gateway: ScriptedGateway) => gateway.console(SCRIPT);

describe('the example safety-limiter', () => {
  it('plays no stronger and no longer at a stretch than it allows, and takes its breaks', async () => {
    await using gateway = await run();
    await gateway.advance(SECOND);
    const levels = await watch(gateway, 11 * MINUTE);
    expect(Math.max(...levels)).toBe(CAP);
    expect(stretches(levels)).toEqual([48, -12, 48, -12, 12]);
  });

  it('stops everything of everybody after twenty minutes, says why, and rests', async () => {
    await using gateway = await run();
    const client = await gateway.booted.connect();
    await gateway.advance(19 * MINUTE);
    await client.ask({ OutputCmd: { DeviceIndex: 0, FeatureIndex: 2, Command: { Oscillate: { Value: 7 } } } });
    await gateway.advance(30 * SECOND);
    expect(await gateway.outputs(TOY)).toContain('Oscillate 7');
    await gateway.advance(31 * SECOND);
    expect(await gateway.outputs(TOY)).toContain('Oscillate 0');
    expect(said(gateway).at(-1)).toBe(
      'warn: The session has lasted 20 minutes: everything is stopped, and I rest for 10 minutes',
    );
    const rest = await watch(gateway, 10 * MINUTE - 2 * SECOND);
    expect(Math.max(...rest)).toBe(0);
    await gateway.advance(3 * SECOND);
    expect(Math.max(...(await watch(gateway, 10 * SECOND)))).toBeGreaterThan(0);
    expect(said(gateway).at(-1)).toBe('info: A session begins');
  });

  it('ends when the time for today is used up, and begins no other session', async () => {
    await using gateway = await run();
    await restartWith(gateway, SCRIPT, { used: { day: TODAY, ms: 43 * MINUTE, at: 0 } });
    await gateway.advance(SECOND);
    // Two minutes of the day were left.
    expect(stretches(await watch(gateway, 14 * MINUTE))).toEqual([24, -144]);
    expect(said(gateway).slice(-2)).toEqual([
      'warn: The time for today is used up: everything is stopped, and I rest for 10 minutes',
      'warn: The time for today is used up: nothing more until tomorrow',
    ]);
  });

  it('gains no time by being started again and again', async () => {
    await using gateway = await run();
    await restartWith(gateway, SCRIPT, { used: { day: TODAY, ms: 44 * MINUTE, at: 0 } });
    await gateway.advance(SECOND);
    const restart = async () => {
      gateway.booted.gateway.scripts.act(SCRIPT, 'restart');
      await gateway.advance(MINUTE + SECOND);
      return watch(gateway, STEP_MS);
    };
    // Every start takes a quarter of a minute, however short it is.
    expect([await restart(), await restart(), await restart()].flat()).not.toContain(0);
    expect(await restart()).toEqual([0]);
    expect(said(gateway).at(-1)).toBe('warn: The time for today is used up: nothing more until tomorrow');
  });

  it('begins with a break when it is started anew in the middle', async () => {
    await using gateway = await run();
    await gateway.advance(3 * MINUTE);
    gateway.booted.gateway.scripts.act(SCRIPT, 'restart');
    await gateway.advance(SECOND);
    expect(stretches(await watch(gateway, 5 * MINUTE + 30 * SECOND))).toEqual([-12, 48, -6]);
  });

  it('does not count what was used yesterday', async () => {
    await using gateway = await run();
    await restartWith(gateway, SCRIPT, { used: { day: YESTERDAY, ms: 45 * MINUTE, at: 0 } });
    expect(Math.max(...(await watch(gateway, 20 * SECOND)))).toBeGreaterThan(0);
  });

  it.each([
    { day: TODAY, ms: 'much', at: 0 },
    { day: TODAY, at: 0 },
    { day: TODAY, ms: null, at: 0 },
  ])('plays nothing when it cannot count: %j', async (used) => {
    await using gateway = await run();
    await restartWith(gateway, SCRIPT, { used });
    expect(Math.max(...(await watch(gateway, 20 * SECOND)))).toBe(0);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running' });
  });

  it('begins when a device comes, and goes on with one that comes back', async () => {
    await using gateway = await run({ present: 'on-scan' });
    await gateway.advance(MINUTE);
    expect(said(gateway)).toEqual([]);
    const client = await gateway.booted.connect();
    await client.ask({ StartScanning: {} });
    await gateway.advance(SECOND);
    expect(said(gateway)).toEqual(['info: A session begins']);
    await gateway.booted.post(`/api/simulated/${TOY}/disconnect`, { awayFor: 5 });
    await gateway.advance(10 * SECOND);
    expect(Math.min(...(await watch(gateway, 20 * SECOND)))).toBeGreaterThan(0);
    expect(said(gateway)).toEqual(['info: A session begins']);
  });

  it('leaves nothing on when it is stopped', async () => {
    await using gateway = await run();
    await gateway.advance(10 * SECOND);
    gateway.booted.gateway.scripts.act(SCRIPT, 'stop');
    await gateway.advance(500);
    expect(Math.max(...(await watch(gateway, 5 * SECOND)))).toBe(0);
  });
});
