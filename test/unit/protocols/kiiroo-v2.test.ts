import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kiirooV2Firmware } from '../../../plugins/hardware-simulated/firmware/kiiroo-v2.js';
import { kiirooV2 } from '../../../plugins/protocols/kiiroo-v2.js';
import {
  type Driver,
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  openProtocol,
  openSimulated,
  toHex,
} from '../../support/protocol-harness.js';

describe('kiiroo-v2', () => {
  const open = async () => {
    const driver = await openProtocol(kiirooV2, { name: 'Launch' });
    driver.link.take();
    return driver;
  };
  const stroke = (driver: Driver, position: number, duration: number) =>
    driver.drive(0, 'HwPositionWithDuration', position, duration);

  it('asks for user mode when connected', async () => {
    const { link, model } = await openProtocol(kiirooV2, { name: 'Onyx2' });
    expect(model.name).toBe('Kiiroo Onyx 2');
    expect(link.take()).toEqual(['firmware!: 00']);
  });

  it('does not connect when that is refused', async () => {
    const attach = (link: FakeLink) => {
      link.failing = true;
    };
    await expect(openProtocol(kiirooV2, { name: 'Launch', attach })).rejects.toThrow('refuses writes');
  });

  it('sends a place, and a speed that takes it there in time from where it was', async () => {
    const driver = await open();
    expect(stroke(driver, 99, 500)).toEqual(['63 28']);
    expect(stroke(driver, 49, 500)).toEqual(['31 13']);
    expect(stroke(driver, 49, 500)).toEqual(['31 00']);
    expect(stroke(driver, 49, 0)).toEqual(['31 00']);
    expect(driver.order(0, 'HwPositionWithDuration', 1, 100)).toMatchObject([{ slot: 0, withResponse: false }]);
    expect(driver.stop()).toEqual([]);
  });

  it('is held where its speed has taken it, half as fast, and goes on from there', async () => {
    const driver = await open();
    stroke(driver, 99, 500);
    await driver.clock.advance(250);
    expect(driver.hold(0, 50)).toEqual(['32 14']);
    await driver.clock.advance(100);
    expect(stroke(driver, 0, 500)).toEqual(['00 13']);
  });

  it('is held at the place it is given where its own is out of bounds', async () => {
    const driver = await open();
    stroke(driver, 99, 500);
    await driver.clock.advance(250);
    expect(driver.hold(0, 60)).toEqual(['3c 14']);
  });

  it.each([
    [0, 99, 1000, 19],
    [0, 99, 300, 69],
    [0, 50, 500, 19],
    [20, 80, 400, 30],
    [0, 99, 214, 98],
    [0, 99, 200, 99],
    [0, 99, 0, 99],
  ])('goes from %i to %i in %i ms at speed %i', async (from, to, duration, speed) => {
    const driver = await open();
    stroke(driver, from, 1000);
    expect(stroke(driver, to, duration)).toEqual([toHex([to, speed])]);
  });

  it('never sends more than a device takes', async () => {
    const driver = await open();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 100_000 }), (position, duration) => {
        const [place = 255, speed = 255] = fromHex(stroke(driver, position, duration).join());
        expect(place).toBe(position);
        expect(speed).toBeLessThanOrEqual(99);
      }),
    );
  });

  it('drives the simulated toys', () => expectFirmwareFollows(kiirooV2, kiirooV2Firmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(kiirooV2, kiirooV2Firmware, 'Launch');
    for (const packet of ['63', '64 10', '63 64', '63 10 00']) firmware.write('tx', fromHex(packet));
    expect(toy.target(0)).toBeUndefined();
  });
});
