import { describe, expect, it } from 'vitest';
import { svakomV5Firmware } from '../../../plugins/hardware-simulated/firmware/svakom-v5.js';
import { svakomV5 } from '../../../plugins/protocols/svakom-v5.js';
import { openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-v5', () => {
  it('has one speed for both motors, and says which of them run', async () => {
    const driver = await openProtocol(svakomV5, { name: 'Mora Neo' });
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 01 00 01 05']);
    expect(driver.drive(1, 'Vibrate', 8)).toEqual(['55 03 00 00 01 08']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['55 03 02 00 01 08']);
    expect(driver.drive(2, 'Oscillate', 2)).toEqual(['55 09 00 00 02 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00', '55 09 00 00 00 00']);
  });

  it('drives the simulated toys', async () => {
    const { driver, toy } = await openSimulated(svakomV5, svakomV5Firmware, 'Trysta Neo');
    const motors = () => [toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate'), toy.level(2, 'Oscillate')];
    driver.drive(0, 'Vibrate', 4);
    driver.drive(2, 'Oscillate', 3);
    expect(motors()).toEqual([4, 0, 3]);
    driver.drive(1, 'Vibrate', 10);
    expect(motors()).toEqual([10, 10, 3]);
    driver.stop();
    expect(motors()).toEqual([0, 0, 0]);
  });
});
