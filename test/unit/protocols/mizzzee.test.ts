import { describe, expect, it } from 'vitest';
import { mizzzeeFirmware } from '../../../plugins/hardware-simulated/firmware/mizzzee.js';
import { mizzzee } from '../../../plugins/protocols/mizzzee.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('mizzzee', () => {
  it('says in a byte of its own whether the motor runs', async () => {
    const driver = await openProtocol(mizzzee, { name: 'NFY008' });
    expect(driver.drive(0, 'Vibrate', 34)).toEqual(['69 96 03 01 01 22']);
    expect(driver.stop()).toEqual(['69 96 03 01 00 00']);
    expect(driver.link.take()).toEqual(['tx: 69 96 03 01 01 22', 'tx: 69 96 03 01 00 00']);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(mizzzee, mizzzeeFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, toy, firmware } = await openSimulated(mizzzee, mizzzeeFirmware, '');
    driver.drive(0, 'Vibrate', 20);
    for (const junk of ['', '69 96 03 03 01 01 22', '69 96 04 01 01 22']) firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(20);
  });
});
