import { describe, expect, it } from 'vitest';
import { nextlevelracingFirmware } from '../../../plugins/hardware-simulated/firmware/nextlevelracing.js';
import { nextlevelracing } from '../../../plugins/protocols/nextlevelracing.js';
import { asText, expectFirmwareFollows, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('nextlevelracing', () => {
  it('writes a line of text for each motor', async () => {
    const driver = await openProtocol(nextlevelracing, { name: 'default' });
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['4d 30 31 32 38 0d']);
    expect(asText(driver.drive(7, 'Vibrate', 255))).toEqual(['M7255\r']);
    expect(driver.drive(7, 'Vibrate', 0)).toEqual(['4d 37 30 0d']);
    expect(driver.order(3, 'Vibrate', 1)).toMatchObject([{ slot: 3, withResponse: false }]);
    expect(asText(driver.stop())).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'].map((motor) => `M${motor}0\r`));
  });

  it('drives the simulated pad', () => expectFirmwareFollows(nextlevelracing, nextlevelracingFirmware));

  it('has a simulated pad that ignores junk', async () => {
    const { driver, toy, firmware } = await openSimulated(nextlevelracing, nextlevelracingFirmware, 'default');
    driver.drive(2, 'Vibrate', 7);
    for (const junk of ['', 'M2\r', 'M29', 'M2256\r', 'M8100\r', 'P\r']) firmware.write('tx', Buffer.from(junk));
    expect(toy.level(2, 'Vibrate')).toBe(7);
  });
});
