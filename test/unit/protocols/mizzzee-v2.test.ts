import { describe, expect, it } from 'vitest';
import { mizzzeeV2Firmware } from '../../../plugins/hardware-simulated/firmware/mizzzee-v2.js';
import { mizzzeeV2 } from '../../../plugins/protocols/mizzzee-v2.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('mizzzee-v2', () => {
  it('sends the speed twice', async () => {
    const driver = await openProtocol(mizzzeeV2, { name: 'XHT' });
    driver.drive(0, 'Vibrate', 34);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx: 69 96 04 02 22 2c 22', 'tx: 69 96 04 02 00 2c 00']);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(mizzzeeV2, mizzzeeV2Firmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, toy, firmware } = await openSimulated(mizzzeeV2, mizzzeeV2Firmware, '');
    driver.drive(0, 'Vibrate', 20);
    for (const junk of ['', '69 96 04 02 22 2c 21', '69 96 04 02 22 2c']) firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(20);
  });
});
