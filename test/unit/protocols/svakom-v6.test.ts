import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { svakomV6Firmware } from '../../../plugins/hardware-simulated/firmware/svakom-v6.js';
import { svakomV6 } from '../../../plugins/protocols/svakom-v6.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-v6', () => {
  it('has nothing to choose where there is one vibrator', async () => {
    const driver = await openProtocol(svakomV6, { name: 'Echo 2' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 00 00 01 05 00']);
    expect(driver.drive(0, 'Vibrate', 8)).toEqual(['55 03 00 00 01 08 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00 00']);
  });

  it('has one packet for two vibrators', async () => {
    const driver = await openProtocol(svakomV6, { name: 'Vick Neo 2' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 01 00 01 05 00']);
    expect(driver.drive(1, 'Vibrate', 8)).toEqual(['55 03 00 00 01 08 00']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['55 03 02 00 01 08 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00 00']);
  });

  it('has another packet for a pulsator', async () => {
    const driver = await openProtocol(svakomV6, { name: 'Iker Neo' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 01 00 01 05 00']);
    expect(driver.drive(1, 'Vibrate', 8)).toEqual(['55 03 00 00 01 08 00']);
    expect(driver.drive(2, 'Vibrate', 3)).toEqual(['55 07 00 00 01 03 00']);
    expect(driver.drive(2, 'Vibrate', 0)).toEqual(['55 07 00 00 00 00 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00 00', '55 07 00 00 00 00 00']);
  });

  it('has one slot for both vibrators, and another for the pulsator', async () => {
    const driver = await openProtocol(svakomV6, { name: 'Iker Neo' });
    const slots = [0, 1, 2].flatMap((index) => driver.order(index, 'Vibrate', 1).map(({ slot }) => slot));
    expect(slots).toEqual(['vibrators', 'vibrators', 2]);
  });

  it('runs both vibrators at one speed, and only those that are meant to', async () => {
    const { driver, toy } = await openSimulated(svakomV6, svakomV6Firmware, 'Vick Neo 2');
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

  it('drives the simulated toys with one vibrator', async () => {
    const models = svakomV6.models.filter(({ features }) => features.length === 1);
    await expectFirmwareFollows(svakomV6, svakomV6Firmware, { models, unlisted: null });
  });

  it('drives the simulated pulsator', async () => {
    const { driver, toy } = await openSimulated(svakomV6, svakomV6Firmware, 'Iker Neo');
    const levels = () => [0, 1, 2].map((index) => toy.level(index, 'Vibrate'));
    driver.drive(2, 'Vibrate', 4);
    driver.drive(1, 'Vibrate', 7);
    expect(levels()).toEqual([0, 7, 4]);
    driver.stop();
    expect(levels()).toEqual([0, 0, 0]);
  });

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomV6, svakomV6Firmware, 'Iker Neo');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 00 00 01 05',
      '55 03 00 00 01 05 01',
      '55 03 03 00 01 05 00',
      '55 03 00 00 03 05 00',
      '55 03 00 00 01 0b 00',
      '55 03 00 00 01 00 00',
      '55 07 00 00 01 06 00',
      '55 07 01 00 01 05 00',
      '55 07 00 00 00 05 00',
      '55 08 00 00 01 05 00',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 00 00 01 05 00'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 00 00 01 05 00'));
    expect(set).toHaveBeenCalled();
  });
});
