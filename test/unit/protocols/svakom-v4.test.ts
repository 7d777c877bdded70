import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { svakomV4Firmware } from '../../../plugins/hardware-simulated/firmware/svakom-v4.js';
import { svakomV4 } from '../../../plugins/protocols/svakom-v4.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-v4', () => {
  it('has one packet for both vibrators', async () => {
    const driver = await openProtocol(svakomV4, { name: 'ERICA' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 01 00 01 05 00']);
    expect(driver.drive(1, 'Vibrate', 8)).toEqual(['55 03 00 00 01 08 00']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['55 03 02 00 01 08 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00 00']);
  });

  it('has nothing to choose where there is one vibrator', async () => {
    const driver = await openProtocol(svakomV4, { name: 'VV468A' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 00 00 01 05 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00 00']);
  });

  it('has one slot for both vibrators', async () => {
    const driver = await openProtocol(svakomV4, { name: 'B2CM6' });
    const slots = [0, 1].flatMap((index) => driver.order(index, 'Vibrate', 1).map(({ slot }) => slot));
    expect(slots).toEqual(['vibrators', 'vibrators']);
  });

  it('runs both vibrators at one speed, and only those that are meant to', async () => {
    const { driver, toy } = await openSimulated(svakomV4, svakomV4Firmware, 'Cici+ 2');
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

  it('drives the simulated toy with one vibrator', async () => {
    const models = svakomV4.models.filter(({ features }) => features.length === 1);
    expect(models.map(({ name }) => name)).toEqual(['ToyCod Clara']);
    await expectFirmwareFollows(svakomV4, svakomV4Firmware, { models });
  });

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomV4, svakomV4Firmware, 'ERICA');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 00 00 01 05',
      '55 03 00 00 01 05 01',
      '55 03 03 00 01 05 00',
      '55 03 00 00 03 05 00',
      '55 03 00 00 01 0b 00',
      '55 03 00 00 01 00 00',
      '55 07 00 00 01 05 00',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 00 00 01 05 00'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 00 00 01 05 00'));
    expect(set).toHaveBeenCalled();
  });
});
