import { describe, expect, it } from 'vitest';
import { mymuselinkplusFirmware } from '../../../plugins/hardware-simulated/firmware/mymuselinkplus.js';
import { mymuselinkplus } from '../../../plugins/protocols/mymuselinkplus.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('mymuselinkplus', () => {
  it('has another packet for a stop', async () => {
    const driver = await openProtocol(mymuselinkplus, { name: 'MM Massager' });
    expect(driver.model.name).toBe('MyMuse Link Plus');
    driver.drive(0, 'Vibrate', 2);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx: aa 55 06 01 01 01 02 ff', 'tx: aa 55 06 aa 00 00 00 00']);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(mymuselinkplus, mymuselinkplusFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, toy, firmware } = await openSimulated(mymuselinkplus, mymuselinkplusFirmware, '');
    driver.drive(0, 'Vibrate', 3);
    for (const junk of ['', 'aa 55 06 01 01 01 04 ff', 'aa 55 06 01 01 01 00 ff', 'aa 55 06 aa 00 00 00 01'])
      firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(3);
  });
});
