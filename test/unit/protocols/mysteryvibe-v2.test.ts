import { describe, expect, it } from 'vitest';
import { mysteryvibeV2Firmware } from '../../../plugins/hardware-simulated/firmware/mysteryvibe-v2.js';
import { mysteryvibeV2 } from '../../../plugins/protocols/mysteryvibe-v2.js';
import { expectFirmwareFollows, openProtocol } from '../../support/protocol-harness.js';

describe('mysteryvibe-v2', () => {
  it.each([
    ['6907 MV1', 'MysteryVibe Tenuto Mini', '00 00 00'],
    ['6908 MV1', 'MysteryVibe Crescendo 2', '00 00 00 00 00 00'],
    ['6909 MV1', 'MysteryVibe Tenuto 2', '00 00 00 00'],
    ['6909 MV2', 'MysteryVibe Tenuto 2', '00 00 00 00'],
    ['6914 MV1', 'MysteryVibe Legato', '00 00 00 00'],
    ['6915 MV1', 'MysteryVibe Molto', '00'],
  ])('puts a %s (%s) into the mode of its generation', async (name, model, stop) => {
    const driver = await openProtocol(mysteryvibeV2, { name });
    expect(driver.model.name).toBe(model);
    expect(driver.link.take()).toEqual(['txmode!: 03 02 40']);
    expect(driver.stop()).toEqual([stop]);
  });

  it('sends all levels in one packet, and repeats it', async () => {
    const driver = await openProtocol(mysteryvibeV2, { name: '6909 MV2' });
    driver.link.take();
    driver.drive(1, 'Vibrate', 28);
    expect(driver.link.take()).toEqual(['txvibrate: 00 1c 00 00']);
    expect(driver.order(3, 'Vibrate', 1).map(({ slot }) => slot)).toEqual(['device']);
    expect(mysteryvibeV2.keepalive).toEqual({ kind: 'repeat-last', everyMs: 93 });
    const molto = await openProtocol(mysteryvibeV2, { name: '6915 MV1' });
    expect(molto.drive(0, 'Vibrate', 56)).toEqual(['38']);
  });

  it('drives the simulated toys', () =>
    expectFirmwareFollows(mysteryvibeV2, mysteryvibeV2Firmware, { unlisted: null }));
});
