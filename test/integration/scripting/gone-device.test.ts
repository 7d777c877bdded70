import { describe, expect, it } from 'vitest';
import { bootScripts } from '../../support/scripting/boot-scripts.js';
import { levelsNow } from '../../support/scripting/levels.js';

const EDGE = { model: 'Lovense Edge', messageGap: 0 };
const DISCONNECT = '/api/simulated/lovense-edge-1/disconnect';
const VIBRATOR = ['lovense-edge-1', 'Vibrate'] as const;

describe('a device that a script kept after it was gone', () => {
  it('takes nothing, and keeps no script waiting', async () => {
    await using gateway = await bootScripts({
      devices: [EDGE],
      scripts: {
        'keeper.js': `
          const device = devices.find();
          const feature = device.feature(0);
          await sleep(1000);
          for (const command of [() => feature.vibrate(1), () => feature.stop(), () => feature.read('Battery'), () => device.stop()]) {
            await command().catch((error) => console.log(error.message));
          }`,
      },
    });
    await gateway.advance(500);
    await gateway.booted.post(DISCONNECT, { awayFor: 60 });
    await gateway.advance(1000);
    const refused = 'info: Lovense Edge is not connected any more';
    expect(gateway.console('keeper').slice(0, 4)).toEqual([refused, refused, refused, refused]);
    expect(gateway.status('keeper').state).toBe('finished');
  });

  it('does not stand for the one that came in its place', async () => {
    await using gateway = await bootScripts({
      devices: [EDGE],
      scripts: {
        'keeper.js': `
          const feature = devices.find().feature(0);
          await sleep(5000);
          await feature.vibrate(1).catch((error) => console.log(error.message));
          await sleep(60_000);`,
        'other.js': `await sleep(4000); await devices.find().vibrate(0.5);`,
      },
    });
    await gateway.advance(500);
    await gateway.booted.post(DISCONNECT, { awayFor: 1 });
    await gateway.advance(6000);
    expect(gateway.console('keeper')).toEqual(['info: Lovense Edge is not connected any more']);
    expect(await levelsNow(gateway, [VIBRATOR])).toEqual([10]);
  });
});
