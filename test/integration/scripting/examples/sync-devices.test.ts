import { describe, expect, it } from 'vitest';
import { bootScripts } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';
import { levelsNow, levelsOver } from '../../../support/scripting/levels.js';

const TESTBED = { model: 'Pulsegate Testbed', messageGap: 0 };
const HANDY = { model: 'The Handy' };
/** Its third motor turns one way only. */
const FLEXER = { model: 'Lovense Flexer', messageGap: 0 };
const NORA = { model: 'Lovense Nora', messageGap: 0 };
const SOLACE_PRO = { model: 'Lovense Solace Pro', messageGap: 0 };
const scripts = await exampleScripts('sync-devices');

const VIBRATOR = ['pulsegate-testbed-1', 'Vibrate'] as const;

describe('the example sync-devices', () => {
  it('moves each kind of device in its own way by one pattern', async () => {
    await using gateway = await bootScripts({ devices: [TESTBED, HANDY], scripts });
    // 2026 begins with the pattern: a wave of 4 s, lowest now.
    const [vibrator, rotator, oscillator, stroker, handy] = await levelsOver(
      gateway,
      [
        VIBRATOR,
        ['pulsegate-testbed-1', 'Rotate'],
        ['pulsegate-testbed-1', 'Oscillate'],
        ['pulsegate-testbed-1', 'HwPositionWithDuration'],
        ['the-handy-1', 'HwPositionWithDuration'],
      ],
      { forMs: 9000, stepMs: 1000 },
    );
    expect(vibrator).toEqual([0, 7, 14, 7, 0, 7, 14, 7, 0]);
    expect(rotator).toEqual([0, 0, 12, 0, -12, 0, 12, 0, -12]);
    expect(oscillator).toEqual([0, 5, 10, 5, 0, 5, 10, 5, 0]);
    expect(stroker).toEqual([0, 50, 90, 50, 10, 50, 90, 50, 10]);
    expect(handy).toEqual(stroker);
  });

  it('lets devices that join later fall into step', async () => {
    await using gateway = await bootScripts({
      devices: [TESTBED, { ...NORA, present: 'on-scan' }, { ...HANDY, present: 'on-scan' }],
      scripts,
    });
    await gateway.advance(13_300);
    const client = await gateway.booted.connect();
    await client.ask({ StartScanning: {} });
    await gateway.advance(1000);
    const [vibrator, nora, rotator, noraRotator, stroker, handy] = await levelsOver(
      gateway,
      [
        VIBRATOR,
        ['lovense-nora-1', 'Vibrate'],
        ['pulsegate-testbed-1', 'Rotate'],
        ['lovense-nora-1', 'Rotate'],
        ['pulsegate-testbed-1', 'HwPositionWithDuration'],
        ['the-handy-1', 'HwPositionWithDuration'],
      ],
      { forMs: 12_000, stepMs: 300 },
    );
    expect(nora).toEqual(vibrator);
    expect(noraRotator).toEqual(rotator);
    expect(handy).toEqual(stroker);
    expect(gateway.console('sync-devices')).toContain('info: The Handy joins: HwPositionWithDuration');
  });

  it('keeps step when a device drops out and comes back', async () => {
    await using gateway = await bootScripts({ devices: [TESTBED, NORA], scripts });
    await gateway.advance(3000);
    await gateway.booted.post('/api/simulated/lovense-nora-1/disconnect', { awayFor: 3 });
    await gateway.advance(4000);
    const [vibrator, nora] = await levelsOver(gateway, [VIBRATOR, ['lovense-nora-1', 'Vibrate']], {
      forMs: 4000,
      stepMs: 300,
    });
    expect(nora).toEqual(vibrator);
    expect(Math.max(...(nora ?? []))).toBe(14);
  });

  it('turns what turns one way only by the level', async () => {
    await using gateway = await bootScripts({ devices: [FLEXER], scripts });
    const [rotator] = await levelsOver(gateway, [['lovense-flexer-1', 'Rotate']], { forMs: 5000, stepMs: 1000 });
    expect(rotator).toEqual([0, 6, 12, 6, 0]);
  });

  it('leaves the speed of what strokes alone', async () => {
    await using gateway = await bootScripts({ devices: [SOLACE_PRO], scripts });
    const outputs = [
      ['lovense-solace-pro-1', 'Oscillate'],
      ['lovense-solace-pro-1', 'HwPositionWithDuration'],
    ] as const;
    const [speed = [], stroker = []] = await levelsOver(gateway, outputs, { forMs: 9000, stepMs: 1000 });
    expect(Math.max(...speed)).toBe(0);
    expect(Math.max(...stroker)).toBe(90);
  });

  it('ends when its time is up, with everything off', async () => {
    await using gateway = await bootScripts({
      devices: [TESTBED],
      scripts,
      section: { maxPingTime: 60_000 },
    });
    await gateway.advance(10 * 60_000 - 1000);
    expect(gateway.status('sync-devices').state).toBe('running');
    await gateway.advance(2000);
    expect(gateway.status('sync-devices').state).toBe('finished');
    const outputs = [VIBRATOR, ['pulsegate-testbed-1', 'Rotate'], ['pulsegate-testbed-1', 'Oscillate']] as const;
    expect(await levelsNow(gateway, outputs)).toEqual([0, 0, 0]);
  }, 60_000);
});
