import { describe, expect, it } from 'vitest';
import { mannuoFirmware } from '../../../plugins/hardware-simulated/firmware/mannuo.js';
import { mannuo } from '../../../plugins/protocols/mannuo.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('mannuo', () => {
  it.each([
    [1, 'aa 55 06 01 01 01 01 fa 03'],
    [2, 'aa 55 06 01 01 01 02 fa 00'],
    [3, 'aa 55 06 01 01 01 03 fa 01'],
  ])('sends strength %i with a response asked for', async (level, bytes) => {
    const driver = await openProtocol(mannuo, { name: 'LXCDVP' });
    expect(driver.model.name).toBe('ManNuo Device');
    driver.drive(0, 'Vibrate', level);
    driver.stop();
    expect(driver.link.take()).toEqual([`tx!: ${bytes}`, 'tx!: aa 55 06 01 01 01 00 fa 02']);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(mannuo, mannuoFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, toy, firmware } = await openSimulated(mannuo, mannuoFirmware, '');
    driver.drive(0, 'Vibrate', 2);
    for (const junk of ['', 'aa 55 06 01 01 01 03 fa 02', 'aa 55 06 01 01 01 04 fa 06'])
      firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(2);
  });
});
