import { describe, expect, it } from 'vitest';
import { bootScripts } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';
import { levelsNow, levelsOver } from '../../../support/scripting/levels.js';

const HANDY = { model: 'The Handy' };
const EDGE = { model: 'Lovense Edge', messageGap: 0 };
const LUSH = { model: 'Lovense Lush', messageGap: 0 };
const STROKER = ['the-handy-1', 'HwPositionWithDuration'] as const;
const VIBRATOR = ['lovense-edge-1', 'Vibrate'] as const;
const scripts = await exampleScripts('funscript-player');
const DEMO_MS = 18_000;

describe('the example funscript-player', () => {
  it('strokes as the funscript says, within its range', async () => {
    await using gateway = await bootScripts({ devices: [EDGE, HANDY], scripts });
    const [stroker = [], vibrator = []] = await levelsOver(gateway, [STROKER, VIBRATOR], {
      forMs: DEMO_MS,
      stepMs: 250,
    });
    // Four slow strokes of a second each: 0, 100, 0, 100, 0 become 10 to 90. It begins at 0, where the device is.
    expect(stroker.slice(4, 17).map((position) => Math.round(position / 10))).toEqual([
      9, 7, 5, 3, 1, 3, 5, 7, 9, 7, 5, 3, 1,
    ]);
    expect(stroker.at(-1)).toBeLessThan(25);
    expect(Math.max(...stroker)).toBe(90);
    expect(Math.min(...stroker.slice(4))).toBe(10);
    // One that strokes is enough.
    expect(Math.max(...vibrator)).toBe(0);
  });

  it('plays it three times and has finished', async () => {
    await using gateway = await bootScripts({ devices: [HANDY], scripts });
    const rounds: number[][] = [];
    for (let round = 0; round < 3; round++) {
      const [positions = []] = await levelsOver(gateway, [STROKER], { forMs: DEMO_MS, stepMs: 500 });
      rounds.push(positions.slice(2));
    }
    expect(rounds[1]).toEqual(rounds[0]);
    expect(rounds[2]).toEqual(rounds[0]);
    await gateway.advance(500);
    expect(gateway.status('funscript-player').state).toBe('finished');
    const now = await levelsNow(gateway, [STROKER]);
    await gateway.advance(5000);
    expect(await levelsNow(gateway, [STROKER])).toEqual(now);
  });

  it('plays on all that vibrate when nothing strokes: faster strokes are stronger', async () => {
    await using gateway = await bootScripts({ devices: [EDGE, LUSH], scripts });
    const [edge = [], lush = []] = await levelsOver(gateway, [VIBRATOR, ['lovense-lush-1', 'Vibrate']], {
      forMs: DEMO_MS,
      stepMs: 250,
    });
    expect(lush).toEqual(edge);
    // Of full speed, four strokes a second, times 0.8, of 20 steps: one stroke a second is 4, and 2.5 are 10.
    expect(new Set(edge.slice(1, 16))).toEqual(new Set([4]));
    expect(new Set(edge.slice(40, 54))).toEqual(new Set([10]));
    expect(edge.at(-5)).toBe(2);
    await gateway.advance(3 * DEMO_MS);
    expect(gateway.status('funscript-player').state).toBe('finished');
    expect(await levelsNow(gateway, [VIBRATOR, ['lovense-lush-1', 'Vibrate']])).toEqual([0, 0]);
  });

  it('pauses when its device drops out, and goes on from there when it is back', async () => {
    await using gateway = await bootScripts({ devices: [HANDY], scripts });
    await gateway.advance(2500);
    await gateway.booted.post('/api/simulated/the-handy-1/disconnect', { awayFor: 10 });
    await gateway.advance(9900);
    expect(gateway.console('funscript-player').at(-1)).toBe('info: The Handy dropped out; it goes on when it is back');
    await gateway.advance(100);
    expect(gateway.console('funscript-player').at(-1)).toBe('info: The Handy: round 1 of 3, from 2.5 s');
    // At the third second of the funscript it is at the top; then down again.
    const [after = []] = await levelsOver(gateway, [STROKER], { forMs: 2000, stepMs: 500 });
    expect(after.slice(1)).toEqual([90, 50, 10]);
    await gateway.advance(3 * DEMO_MS);
    expect(gateway.status('funscript-player').state).toBe('finished');
  });

  it('begins when the first device comes', async () => {
    await using gateway = await bootScripts({ devices: [{ ...HANDY, present: 'on-scan' }], scripts });
    await gateway.advance(60_000);
    expect(gateway.console('funscript-player')).toEqual([
      'info: ./demo.funscript: 32 strokes in 18.0 s',
      'info: Nothing here strokes or vibrates; it begins when a device comes',
    ]);
    const client = await gateway.booted.connect();
    await client.ask({ StartScanning: {} });
    await gateway.advance(1600);
    expect(Math.max(...(await levelsNow(gateway, [STROKER])))).toBeGreaterThan(50);
  });
});
