import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { serveuFirmware } from '../../../plugins/hardware-simulated/firmware/serveu.js';
import { serveu } from '../../../plugins/protocols/serveu.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated, toHex } from '../../support/protocol-harness.js';

const TYPE = 'HwPositionWithDuration';
const distances = fc.integer({ min: 0, max: 100 });
const durations = fc.integer({ min: 0, max: 100_000 });

describe('serveu', () => {
  it('sends how fast to go from where it was', async () => {
    const driver = await openProtocol(serveu, { name: 'ServeU' });
    expect(driver.drive(0, TYPE, 30, 1000)).toEqual(['01 1e 0f']);
    expect(driver.drive(0, TYPE, 80, 200)).toEqual(['01 50 4b']);
    expect(driver.drive(0, TYPE, 100, 10)).toEqual(['01 64 fa']);
    expect(driver.order(0, TYPE, 1, 500)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual([]);
  });

  it.each([
    [1, 1000, 0x01],
    [50, 1000, 0x19],
    [51, 1000, 0x1a],
    [75, 100, 0xc8],
    [100, 100, 0xd2],
    [100, 50, 0xfa],
    [100, 1, 0xfa],
    [1, 0, 0xfa],
    [1, 100_000, 0x01],
    [0, 1000, 0x00],
    [0, 0, 0x00],
  ])('moves by %i in %i ms with speed %i', async (distance, duration, speed) => {
    const driver = await openProtocol(serveu, { name: 'ServeU' });
    expect(driver.drive(0, TYPE, distance, duration)).toEqual([toHex([0x01, distance, speed])]);
  });

  it('never gets slower when there is less time', () => {
    const speedIn = (duration: number) => async (distance: number) =>
      (await openProtocol(serveu, { name: 'ServeU' })).order(0, TYPE, distance, duration)[0]?.data[2] ?? -1;
    return fc.assert(
      fc.asyncProperty(distances, durations, durations, async (distance, one, other) => {
        const slow = await speedIn(Math.max(one, other))(distance);
        const fast = await speedIn(Math.min(one, other))(distance);
        expect(slow).toBeLessThanOrEqual(fast);
        expect(fast).toBeLessThanOrEqual(250);
        expect(slow > 0).toBe(distance > 0);
      }),
    );
  });

  it('is halted where it is, and goes on from there', async () => {
    const driver = await openProtocol(serveu, { name: 'ServeU' });
    driver.drive(0, TYPE, 100, 2000);
    await driver.clock.advance(1000);
    expect(driver.hold(0, 50)).toEqual(['01 32 00']);
    expect(driver.drive(0, TYPE, 100, 1000)).toEqual(['01 64 19']);
  });

  it('goes on when the goal of a move under way is ordered again', async () => {
    const driver = await openProtocol(serveu, { name: 'ServeU' });
    driver.drive(0, TYPE, 100, 2000);
    await driver.clock.advance(1000);
    expect(driver.drive(0, TYPE, 100, 1000)).toEqual(['01 64 19']);
    await driver.clock.advance(1000);
    expect(driver.drive(0, TYPE, 100, 1000)).toEqual(['01 64 00']);
  });

  it('drives the simulated toy, which arrives in about the time it was given', async () => {
    await expectFirmwareFollows(serveu, serveuFirmware);
    const { driver, toy, firmware } = await openSimulated(serveu, serveuFirmware, '');
    const move = vi.spyOn(toy, 'move');
    driver.drive(0, TYPE, 100, 2000);
    driver.drive(0, TYPE, 0, 500);
    driver.drive(0, TYPE, 100, 10);
    const taken = () => move.mock.calls.map(([, , duration]) => Math.round(duration));
    expect(taken()).toEqual([2000, 495, 50]);
    for (const junk of ['', '01 32', '02 32 0f', '01 65 0f', '01 32 fb', '01 32 00'])
      firmware.write('tx', fromHex(junk));
    expect(taken()).toHaveLength(3);
  });
});
