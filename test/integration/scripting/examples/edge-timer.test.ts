import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptedGateway } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';
import { levelsNow, levelsOver } from '../../../support/scripting/levels.js';

const EDGE = { model: 'Lovense Edge', messageGap: 0 };
const LUSH = { model: 'Lovense Lush', messageGap: 0 };
const VIBRATOR = ['lovense-edge-1', 'Vibrate'] as const;
const scripts = await exampleScripts('edge-timer');

interface Stretch {
  readonly level: number;
  seconds: number;
}

/** A whole session, as levels and how long each was felt. */
async function session(gateway: ScriptedGateway): Promise<Stretch[]> {
  const stretches: Stretch[] = [];
  await gateway.advance(500);
  while (gateway.status('edge-timer').state === 'running') {
    const [levels = []] = await levelsOver(gateway, [VIBRATOR], { forMs: 10_000, stepMs: 1000 });
    for (const level of levels) {
      const last = stretches.at(-1);
      if (last?.level === level) last.seconds += 1;
      else stretches.push({ level, seconds: 1 });
    }
  }
  return stretches;
}

const coolDowns = (stretches: readonly Stretch[]) =>
  stretches
    .filter(({ level }) => level === 0)
    .slice(0, 4)
    .map(({ seconds }) => seconds);

describe('the example edge-timer', () => {
  it('builds up, holds and cools down, higher and longer each round, and fades out at the end', async () => {
    await using gateway = await bootScripts({ devices: [EDGE], scripts });
    const felt = await session(gateway);
    expect(felt.slice(0, 5)).toEqual([
      { level: 2, seconds: 10 },
      { level: 4, seconds: 10 },
      { level: 6, seconds: 10 },
      { level: 8, seconds: 10 },
      // The last stage, and 6 s more.
      { level: 10, seconds: 16 },
    ]);
    const tops = felt.filter(({ level }, place) => felt[place + 1]?.level === 0 && level > 2);
    expect(tops).toEqual([
      { level: 10, seconds: 16 },
      { level: 12, seconds: 19 },
      { level: 14, seconds: 22 },
      { level: 16, seconds: 25 },
    ]);
    const peak = felt.findIndex(({ level }) => level === 18);
    expect(felt[peak]).toEqual({ level: 18, seconds: 28 });
    const ending = felt.slice(peak + 1).map(({ level }) => level);
    expect(ending).toEqual([17, 15, 13, 11, 8, 6, 4, 2, 0]);
    for (const seconds of coolDowns(felt)) {
      expect(seconds).toBeGreaterThanOrEqual(15);
      expect(seconds).toBeLessThanOrEqual(40);
    }
    expect(await levelsNow(gateway, [VIBRATOR])).toEqual([0]);
    expect(gateway.status('edge-timer').state).toBe('finished');
  });

  it('counts the sessions that came to their end, and has other pauses in each', async () => {
    await using gateway = await bootScripts({ devices: [EDGE], scripts });
    const first = coolDowns(await session(gateway));
    expect(new Set(first).size).toBeGreaterThan(1);
    expect(gateway.console('edge-timer')).toContain('info: Sessions so far: 1');
    gateway.booted.gateway.scripts.act('edge-timer', 'start');
    await gateway.until(() => gateway.status('edge-timer').state === 'running');
    await gateway.advance(30_000);
    // Broken off, it does not count.
    gateway.booted.gateway.scripts.act('edge-timer', 'restart');
    await gateway.until(
      () => gateway.status('edge-timer').starts === 3 && gateway.status('edge-timer').state === 'running',
    );
    expect(gateway.console('edge-timer').filter((line) => line.includes('Session 2'))).toHaveLength(2);
    expect(coolDowns(await session(gateway))).not.toEqual(first);
    expect(gateway.console('edge-timer')).toContain('info: Sessions so far: 2');
  });

  it('lets a second device fall in, and runs its time only while there is one', async () => {
    await using gateway = await bootScripts({
      devices: [EDGE, { ...LUSH, present: 'on-scan' }],
      scripts,
    });
    await gateway.advance(15_000);
    const client = await gateway.booted.connect();
    await client.ask({ StartScanning: {} });
    await gateway.advance(100);
    const both = [VIBRATOR, ['lovense-lush-1', 'Vibrate']] as const;
    expect(await levelsNow(gateway, both)).toEqual([4, 4]);

    await gateway.booted.post('/api/simulated/lovense-lush-1/disconnect', { awayFor: 3600 });
    await gateway.booted.post('/api/simulated/lovense-edge-1/disconnect', { awayFor: 100 });
    await gateway.advance(99_000);
    expect(gateway.console('edge-timer').at(-1)).toBe('info: Nothing here vibrates; the timer waits for a device');
    await gateway.advance(1500);
    const [back = []] = await levelsOver(gateway, [VIBRATOR], { forMs: 8000, stepMs: 1000 });
    // It had 4 to 5 s of the second stage left.
    expect(back).toEqual([4, 4, 4, 4, 6, 6, 6, 6]);
  });

  it('waits for the first device before it begins', async () => {
    await using gateway = await bootScripts({ devices: [{ ...EDGE, present: 'on-scan' }], scripts });
    await gateway.advance(120_000);
    const client = await gateway.booted.connect();
    await client.ask({ StartScanning: {} });
    const [first = []] = await levelsOver(gateway, [VIBRATOR], { forMs: 15_000, stepMs: 1000 });
    expect(first.slice(1)).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4, 4]);
  });
});
