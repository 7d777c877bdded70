import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptedGateway } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';
import { levelsNow } from '../../../support/scripting/levels.js';

const SCRIPT = 'sensor-feedback';
const SENSOR = 'kgoal-boost-1';
const TOY = 'pulsegate-testbed-1';
const SECOND = 1000;
const STEP_MS = 100;
/** Of the toy's 20 steps, 0.8. */
const STRONGEST = 16;
const WEAK = 400;
const STRONG = 1400;

const run = async (...models: readonly string[]) =>
  bootScripts({
    devices: models.map((model) => ({ model, messageGap: 0 })),
    scripts: await exampleScripts(SCRIPT),
  });

const level = async (gateway: ScriptedGateway): Promise<number> =>
  (await levelsNow(gateway, [[TOY, 'Vibrate']]))[0] ?? -1;

/** Squeezes so hard for so long; a hand is never quite still, and the sensor reports only what changes. */
async function squeeze(gateway: ScriptedGateway, pressure: number, forMs: number): Promise<void> {
  for (let ms = 0; ms < forMs; ms += STEP_MS) {
    const value = pressure + ((ms / STEP_MS) % 2);
    await gateway.booted.post(`/api/simulated/${SENSOR}/sensors`, { feature: 0, value });
    await gateway.advance(STEP_MS);
  }
}

/** The same, and what the toy does meanwhile. */
async function levelsOf(gateway: ScriptedGateway, pressure: number, forMs: number): Promise<readonly number[]> {
  const levels: number[] = [];
  for (let ms = 0; ms < forMs; ms += STEP_MS) {
    await squeeze(gateway, pressure + ((ms / STEP_MS) % 2), STEP_MS);
    levels.push(await level(gateway));
  }
  return levels;
}

async function calibrate(gateway: ScriptedGateway): Promise<void> {
  await gateway.advance(200);
  await squeeze(gateway, WEAK, 2 * SECOND);
  await squeeze(gateway, STRONG - 1, 2 * SECOND);
  await squeeze(gateway, WEAK, SECOND);
}

describe('the example sensor-feedback', () => {
  it('learns for five seconds, and drives nothing meanwhile', async () => {
    await using gateway = await run('KGoal Boost', 'Pulsegate Testbed');
    await gateway.advance(200);
    await squeeze(gateway, WEAK, SECOND);
    const [learning, following] = [
      await levelsOf(gateway, STRONG, 4 * SECOND - STEP_MS),
      await levelsOf(gateway, STRONG, SECOND),
    ];
    expect(Math.max(...learning)).toBe(0);
    expect(Math.max(...following)).toBeGreaterThan(0);
  });

  it('follows the squeeze, rising no faster than told', async () => {
    await using gateway = await run('KGoal Boost', 'Pulsegate Testbed');
    await calibrate(gateway);
    const rising = await levelsOf(gateway, STRONG - 1, 4 * SECOND);
    // Half of the range in a second is one of 20 steps in 100 ms; a step more is what rounding may add.
    expect(rising.filter((now, place) => now > place + 2)).toEqual([]);
    expect(rising).toEqual(rising.toSorted((left, right) => left - right));
    expect(rising[9]).toBeGreaterThanOrEqual(9);
    expect(rising.at(-1)).toBe(STRONGEST);
    // Down to the middle of what is above the dead zone.
    expect((await levelsOf(gateway, 975, 3 * SECOND)).at(-1)).toBe(STRONGEST / 2);
    const falling = await levelsOf(gateway, WEAK, 2 * SECOND);
    expect(falling[4]).toBeLessThanOrEqual(3);
    expect(falling.at(-1)).toBe(0);
  });

  it('takes little for nothing, and more than it has learnt for the strongest', async () => {
    await using gateway = await run('KGoal Boost', 'Pulsegate Testbed');
    await calibrate(gateway);
    expect(Math.max(...(await levelsOf(gateway, WEAK + 140, 3 * SECOND)))).toBe(0);
    expect((await levelsOf(gateway, 1999, 5 * SECOND)).at(-1)).toBe(STRONGEST);
    expect((await levelsOf(gateway, 0, 2 * SECOND)).at(-1)).toBe(0);
  });

  it('does not make much of a tremor when nobody squeezed while it learnt', async () => {
    await using gateway = await run('KGoal Boost', 'Pulsegate Testbed');
    await gateway.advance(200);
    await squeeze(gateway, WEAK, 5 * SECOND);
    expect(Math.max(...(await levelsOf(gateway, WEAK + 28, 3 * SECOND)))).toBe(0);
  });

  it('is off when nothing was read for two seconds, and rises from 0 after that', async () => {
    await using gateway = await run('KGoal Boost', 'Pulsegate Testbed');
    await calibrate(gateway);
    await squeeze(gateway, STRONG, 4 * SECOND);
    await gateway.advance(2 * SECOND - 2 * STEP_MS);
    expect(await level(gateway)).toBe(STRONGEST);
    await gateway.advance(2 * STEP_MS);
    expect(await level(gateway)).toBe(0);
    expect((await levelsOf(gateway, STRONG, STEP_MS)).at(-1)).toBeLessThanOrEqual(2);
  });

  it('is off when the sensor drops out, and learns anew when it is back', async () => {
    await using gateway = await run('KGoal Boost', 'Lovense Edge');
    const edge = () => levelsNow(gateway, [['lovense-edge-1', 'Vibrate']]);
    await calibrate(gateway);
    await squeeze(gateway, STRONG, 3 * SECOND);
    expect(await edge()).toEqual([STRONGEST]);
    await gateway.booted.post(`/api/simulated/${SENSOR}/disconnect`, { awayFor: 3 });
    await gateway.advance(STEP_MS);
    expect(await edge()).toEqual([0]);
    await gateway.advance(4 * SECOND);
    await squeeze(gateway, 1000, 5 * SECOND);
    expect(await edge()).toEqual([0]);
    await squeeze(gateway, 1999, 3 * SECOND);
    expect(await edge()).toEqual([STRONGEST]);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
  });

  it('tells a device that comes back what it told the others', async () => {
    await using gateway = await run('KGoal Boost', 'Pulsegate Testbed');
    await calibrate(gateway);
    await squeeze(gateway, STRONG, 3 * SECOND);
    await gateway.booted.post(`/api/simulated/${TOY}/disconnect`, { awayFor: 1 });
    expect((await levelsOf(gateway, STRONG, 3 * SECOND)).at(-1)).toBe(STRONGEST);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
  });

  it('waits for a sensor', async () => {
    await using gateway = await run('Lovense Edge');
    await gateway.advance(10 * SECOND);
    expect(gateway.console(SCRIPT)).toEqual(['info: Waiting for a device with a sensor']);
    expect(await gateway.outputs('lovense-edge-1')).toEqual(['Vibrate 0', 'Vibrate 0']);
  });

  it('leaves nothing on when it is stopped', async () => {
    await using gateway = await run('KGoal Boost', 'Pulsegate Testbed');
    await calibrate(gateway);
    await squeeze(gateway, STRONG, 3 * SECOND);
    gateway.booted.gateway.scripts.act(SCRIPT, 'stop');
    await gateway.advance(500);
    expect(await level(gateway)).toBe(0);
  });
});
