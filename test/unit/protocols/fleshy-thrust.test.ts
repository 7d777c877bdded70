import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { fleshyThrustFirmware } from '../../../plugins/hardware-simulated/firmware/fleshy-thrust.js';
import { fleshyThrust } from '../../../plugins/protocols/fleshy-thrust.js';
import { fromHex, matchesName, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('fleshy-thrust', () => {
  it.each([
    [54, 1000, '36 03 e8'],
    [0, 0, '00 00 00'],
    [180, 65_535, 'b4 ff ff'],
    [180, 65_536, 'b4 ff ff'],
    [180, 100_000, 'b4 ff ff'],
  ])('sends a move to %i in %i ms', async (position, duration, bytes) => {
    const driver = await openProtocol(fleshyThrust, { name: 'BT05' });
    expect(driver.model.name).toBe('Fleshy Thrust Sync');
    expect(driver.drive(0, 'HwPositionWithDuration', position, duration)).toEqual([bytes]);
    expect(driver.order(0, 'HwPositionWithDuration', 1)).toMatchObject([
      { slot: 0, endpoint: 'tx', withResponse: false },
    ]);
  });

  it('drives the simulated toys, as long as they say', async () => {
    const { driver, toy } = await openSimulated(fleshyThrust, fleshyThrustFirmware, '');
    const move = vi.spyOn(toy, 'move');
    expect(matchesName(fleshyThrust, toy.name)).toBe(true);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 180 }), fc.integer({ min: 0, max: 100_000 }), (position, duration) => {
        driver.drive(0, 'HwPositionWithDuration', position, duration);
        expect(move).toHaveBeenLastCalledWith(0, position, Math.min(duration, 65_535));
      }),
    );
  });

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(fleshyThrust, fleshyThrustFirmware, '');
    const move = vi.spyOn(toy, 'move');
    for (const junk of ['', '36 03', 'b5 03 e8', '36 03 e8 00']) firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('36 03 e8'));
    expect(move).not.toHaveBeenCalled();
  });
});
