import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptedGateway } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';
import { levelsNow, levelsOver } from '../../../support/scripting/levels.js';

const TESTBED = { model: 'Pulsegate Testbed', messageGap: 0 };
const EDGE = { model: 'Lovense Edge', messageGap: 0 };
const VIBRATOR = ['pulsegate-testbed-1', 'Vibrate'] as const;
const OSCILLATOR = ['pulsegate-testbed-1', 'Oscillate'] as const;
const STROKER = ['pulsegate-testbed-1', 'HwPositionWithDuration'] as const;
const BEAT_MS = 600;
const BAR_MS = 4 * BEAT_MS;
const scripts = await exampleScripts('beat');

/** When vibrators go on, ms from now, and to which level. */
async function beats(gateway: ScriptedGateway, forMs: number, stepMs = 10) {
  const [levels = []] = await levelsOver(gateway, [VIBRATOR], { forMs, stepMs });
  return levels.flatMap((level, place) => {
    const isBeat = level > 0 && (levels[place - 1] ?? 0) === 0;
    return isBeat ? [{ at: place * stepMs, level }] : [];
  });
}

describe('the example beat', () => {
  it('drums bars of four accents that swing, at its tempo', async () => {
    await using gateway = await bootScripts({ devices: [TESTBED], scripts });
    const heard = await beats(gateway, 3 * BAR_MS);
    expect(heard).toHaveLength(12);
    for (const [place, { at, level }] of heard.entries()) {
      const late = place % 2 === 1 ? 0.15 * BEAT_MS : 0;
      expect(Math.abs(at - (place * BEAT_MS + late))).toBeLessThanOrEqual(10);
      // 0.8 of the accent, of 20 steps; up to a quarter weaker.
      const written = 16 * ([1, 0.4, 0.7, 0.4][place % 4] ?? 0);
      expect(level).toBeGreaterThanOrEqual(0.75 * written);
      expect(level).toBeLessThanOrEqual(Math.ceil(written));
    }
    // A human being is not the same in every bar.
    expect(new Set([0, 4, 8].map((place) => heard[place]?.level)).size).toBeGreaterThan(1);
  });

  it('plays a fill of eight in the fourth bar', async () => {
    await using gateway = await bootScripts({ devices: [TESTBED], scripts });
    await gateway.advance(3 * BAR_MS);
    expect(await beats(gateway, BAR_MS)).toHaveLength(8);
    expect(await beats(gateway, BAR_MS)).toHaveLength(4);
  });

  it('lets vibrators rest between beats, moves strokers by the bar, and turns oscillators up in a fill', async () => {
    await using gateway = await bootScripts({ devices: [TESTBED], scripts });
    const [vibrator = [], oscillator = [], stroker = []] = await levelsOver(gateway, [VIBRATOR, OSCILLATOR, STROKER], {
      forMs: 5 * BAR_MS,
      stepMs: 100,
    });
    expect(vibrator.filter((level) => level > 0).length).toBeLessThanOrEqual(vibrator.length / 2);
    expect(oscillator.filter((_, place) => place % 24 === 12)).toEqual([8, 8, 8, 12, 8]);
    // From one end to the other in every bar; at its end it has just got there.
    expect(stroker.filter((_, place) => place > 0 && place % 24 === 0)).toEqual([90, 10, 90, 10]);
    expect(stroker.filter((_, place) => place % 24 === 12).slice(1)).toEqual([50, 50, 50, 50]);
  });

  it('lets who comes back join in, and waits at the end of the bar when nobody is left', async () => {
    await using gateway = await bootScripts({ devices: [TESTBED, EDGE], scripts });
    const edge = ['lovense-edge-1', 'Vibrate'] as const;
    await gateway.advance(100);
    await gateway.booted.post('/api/simulated/lovense-edge-1/disconnect', { awayFor: 5 });
    await gateway.advance(BAR_MS - 100);
    await gateway.advance(2 * BAR_MS + 100);
    const [testbed, joined] = await levelsNow(gateway, [VIBRATOR, edge]);
    expect(joined).toBe(testbed);
    expect(joined).toBeGreaterThan(0);

    await gateway.booted.post('/api/simulated/lovense-edge-1/disconnect', { awayFor: 60 });
    await gateway.booted.post('/api/simulated/pulsegate-testbed-1/disconnect', { awayFor: 30 });
    await gateway.advance(29_000);
    expect(gateway.console('beat').at(-1)).toBe('info: There is no device; the drummer waits for one');
    await gateway.advance(2000);
    expect(await beats(gateway, BAR_MS)).toHaveLength(4);
  });

  it('is over after its bars, with everything off', async () => {
    await using gateway = await bootScripts({ devices: [TESTBED], scripts });
    await gateway.advance(64 * BAR_MS - 100);
    expect(gateway.status('beat').state).toBe('running');
    await gateway.advance(1000);
    expect(gateway.status('beat').state).toBe('finished');
    expect(await levelsNow(gateway, [VIBRATOR, OSCILLATOR])).toEqual([0, 0]);
  });
});
