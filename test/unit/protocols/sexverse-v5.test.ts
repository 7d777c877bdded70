import { describe, expect, it } from 'vitest';
import { sexverseV5Firmware } from '../../../plugins/hardware-simulated/firmware/sexverse-v5.js';
import { sexverseV5 } from '../../../plugins/protocols/sexverse-v5.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('sexverse-v5', () => {
  it.each([
    ['CBW02', 'Sexverse Heart'],
    ['CB-WXW03', 'Hannibal Kona'],
  ])('calls %s a %s', async (name, model) => {
    expect((await openProtocol(sexverseV5, { name })).model.name).toBe(model);
  });

  it('sends the level', async () => {
    const driver = await openProtocol(sexverseV5, { name: 'CBW02' });
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['aa 03 03 32 00 00 00']);
    expect(driver.drive(0, 'Vibrate', 75)).toEqual(['aa 03 03 4b 00 00 00']);
    expect(driver.stop()).toEqual(['aa 03 03 00 00 00 00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(sexverseV5, sexverseV5Firmware, { unlisted: 'CBW02' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(sexverseV5, sexverseV5Firmware, 'CB-WXW03');
    for (const junk of [
      '',
      'aa 03 03 32 00 00',
      'aa 03 03 65 00 00 00',
      'aa 03 03 32 00 00 01',
      'aa 03 02 32 00 00 00',
    ])
      firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate')]).toEqual([0]);
  });
});
