import { describe, expect, it } from 'vitest';
import { tryfunFirmware } from '../../../plugins/hardware-simulated/firmware/tryfun.js';
import { tryfun } from '../../../plugins/protocols/tryfun.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('tryfun', () => {
  it('sends each motor its own packet', async () => {
    const driver = await openProtocol(tryfun, { name: 'TRYFUN-ONE' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.model.name).toBe('TryFun Yuan Series');
    expect(driver.drive(0, 'Oscillate', 5)).toEqual(['aa 02 07 05 f4']);
    expect(driver.drive(0, 'Oscillate', 1)).toEqual(['aa 02 07 01 f8']);
    expect(driver.drive(1, 'Rotate', 5)).toEqual(['aa 02 08 05 f3']);
    expect(driver.order(1, 'Rotate', 5)).toMatchObject([{ slot: 1, withResponse: true }]);
    expect(driver.stop()).toEqual(['aa 02 07 00 f9', 'aa 02 08 00 f8']);
  });

  it('frames a Surge Pro’s level as newer toys do', async () => {
    const driver = await openProtocol(tryfun, { name: 'TF-SPRAY' });
    expect(driver.drive(0, 'Vibrate', 2)).toEqual(['00 02 00 05 02 02 01 00 fb']);
    expect(driver.drive(0, 'Vibrate', 4)).toEqual(['00 02 00 05 02 04 01 00 f9']);
    expect(driver.stop()).toEqual(['00 02 00 05 01 02 01 01 fc']);
    expect(driver.link.take()[0]).toMatch(/^tx!/);
  });

  it('drives the simulated toys', async () => {
    await expectFirmwareFollows(tryfun, tryfunFirmware);
    for (const name of ['unlisted', 'TF-SPRAY']) {
      const { firmware, toy } = await openSimulated(tryfun, tryfunFirmware, name);
      for (const junk of [
        '',
        'aa 02 07 05',
        'aa 02 07 05 f5',
        '00 02 00 05 02 02 01 00 fc',
        '00 02 00 05 02 05 01 00 f8',
      ]) {
        firmware.write('tx', fromHex(junk));
      }
      expect([toy.level(0, 'Oscillate'), toy.level(0, 'Vibrate')]).toEqual([0, 0]);
    }
  });
});
