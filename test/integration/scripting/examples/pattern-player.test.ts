import { describe, expect, it } from 'vitest';
import { bootScripts } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';
import { levelsNow, levelsOver } from '../../../support/scripting/levels.js';

const TESTBED = { model: 'Pulsegate Testbed', messageGap: 0 };
const EDGE = { model: 'Lovense Edge', messageGap: 0 };
const BOTH = [
  ['pulsegate-testbed-1', 'Vibrate'],
  ['lovense-edge-1', 'Vibrate'],
] as const;
const ONE = [BOTH[1]];
const scripts = await exampleScripts('pattern-player');

describe('the example pattern-player', () => {
  it('plays a pattern on all that vibrate: fades in, keeps below its cap, fades out, and pauses at nothing', async () => {
    await using gateway = await bootScripts({ devices: [TESTBED, EDGE], scripts });
    const [testbed = [], edge = []] = await levelsOver(gateway, BOTH, { forMs: 18_000, stepMs: 500 });
    expect(edge).toEqual(testbed);
    // A wave of 4 s from 0.1 to 1, times 0.8, of 20 steps: in the first second and in the last it fades.
    expect(testbed.slice(0, 17)).toEqual([0, 2, 9, 14, 16, 15, 9, 4, 2, 4, 9, 14, 16, 15, 10, 4, 2]);
    expect(testbed.slice(28, 32)).toEqual([16, 15, 9, 3]);
    expect(Math.max(...testbed)).toBe(16);
    expect(testbed.slice(32)).toEqual([0, 0, 0, 0]);
  });

  it('plays one pattern after the other, and the list as often as it says', async () => {
    await using gateway = await bootScripts({ devices: [EDGE], scripts });
    await gateway.advance(18_000);
    // Knocking: 0.3 s on and 0.7 s off, as near as 15 updates a second come to that; 0.8 of 0.8 of 20 steps.
    const [knocking = []] = await levelsOver(gateway, ONE, { forMs: 12_000, stepMs: 100 });
    for (let second = 1; second < 11; second++) {
      expect(knocking.slice(second * 10, second * 10 + 10).join(' ')).toMatch(/^(0 )+(13 ){2,4}0( 0)+$/);
    }
    await gateway.advance(2000);
    // Climbing: from 0.1 to 1 in 5 s, three times.
    const [climbing = []] = await levelsOver(gateway, ONE, { forMs: 15_000, stepMs: 1000 });
    expect(climbing.slice(1)).toEqual([4, 7, 10, 13, 16, 5, 7, 10, 13, 16, 5, 7, 10, 13]);
    await gateway.advance(120_000);
    expect(gateway.console('pattern-player')).toEqual(
      expect.arrayContaining(['info: Stairs, for 16 s (round 1 of 2)', 'info: Waves, for 16 s (round 2 of 2)']),
    );
    expect(gateway.status('pattern-player').state).toBe('running');
    await gateway.advance(60_000);
    expect(gateway.status('pattern-player').state).toBe('finished');
    expect(await levelsNow(gateway, ONE)).toEqual([0]);
  });

  it('stands still while there is no device, and goes on at the same place when one is back', async () => {
    await using gateway = await bootScripts({ devices: [EDGE], scripts });
    await gateway.advance(6000);
    expect(await levelsNow(gateway, ONE)).toEqual([16]);
    await gateway.booted.post('/api/simulated/lovense-edge-1/disconnect', { awayFor: 7 });
    await gateway.advance(6900);
    expect(gateway.console('pattern-player').at(-1)).toBe(
      'info: Nothing here vibrates; it goes on when a device comes',
    );
    await gateway.advance(200);
    const [back = []] = await levelsOver(gateway, ONE, { forMs: 4000, stepMs: 1000 });
    // The wave goes down from where it was, instead of having gone on without anybody.
    expect(back).toEqual([16, 9, 2, 10]);
  });

  it('waits for the first device', async () => {
    await using gateway = await bootScripts({ devices: [{ ...EDGE, present: 'on-scan' }], scripts });
    await gateway.advance(60_000);
    expect(gateway.console('pattern-player')).toEqual(['info: Nothing here vibrates; it goes on when a device comes']);
    const client = await gateway.booted.connect();
    await client.ask({ StartScanning: {} });
    const [first = []] = await levelsOver(gateway, ONE, { forMs: 3000, stepMs: 500 });
    expect(first).toEqual([0, 2, 9, 14, 16, 15]);
  });
});
