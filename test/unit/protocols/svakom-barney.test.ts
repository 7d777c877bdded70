import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { svakomBarneyFirmware } from '../../../plugins/hardware-simulated/firmware/svakom-barney.js';
import { svakomBarney } from '../../../plugins/protocols/svakom-barney.js';
import { fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-barney', () => {
  it('has one packet for both vibrators', async () => {
    const driver = await openProtocol(svakomBarney, { name: 'DJ333A' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 01 00 03 05 00']);
    expect(driver.drive(1, 'Vibrate', 8)).toEqual(['55 03 00 00 03 08 00']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['55 03 02 00 03 08 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00 00']);
  });

  it('has one slot for both vibrators', async () => {
    const driver = await openProtocol(svakomBarney, { name: 'DJ333A' });
    const slots = [0, 1].flatMap((index) => driver.order(index, 'Vibrate', 1).map(({ slot }) => slot));
    expect(slots).toEqual(['vibrators', 'vibrators']);
  });

  it('runs both vibrators at one speed, and only those that are meant to', async () => {
    const { driver, toy } = await openSimulated(svakomBarney, svakomBarneyFirmware, 'DJ333A');
    const level = fc.integer({ min: 0, max: 10 });
    const property = fc.property(level, level, (first, second) => {
      driver.drive(0, 'Vibrate', first);
      driver.drive(1, 'Vibrate', second);
      const speed = Math.max(first, second);
      expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([first && speed, second && speed]);
    });
    fc.assert(property);
    driver.stop();
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([0, 0]);
  });

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomBarney, svakomBarneyFirmware, 'DJ333A');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 00 00 03 05',
      '55 03 00 00 03 05 01',
      '55 03 03 00 03 05 00',
      '55 03 00 00 01 05 00',
      '55 03 00 00 03 0b 00',
      '55 03 00 00 03 00 00',
      '55 07 00 00 03 05 00',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 00 00 03 05 00'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 00 00 03 05 00'));
    expect(set).toHaveBeenCalled();
  });
});
