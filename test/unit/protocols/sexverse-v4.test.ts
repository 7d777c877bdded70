import { describe, expect, it } from 'vitest';
import { sexverseV4Firmware } from '../../../plugins/hardware-simulated/firmware/sexverse-v4.js';
import { sexverseV4 } from '../../../plugins/protocols/sexverse-v4.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('sexverse-v4', () => {
  it.each([
    ['CFG1 vibrator', 'Sexverse G1 Vibrator'],
    ['BC1816', 'Sexverse G1 Vibrator'],
    ['BC1847', 'Sexverse Dark Knight'],
    ['HJ2024N01', 'VVD Vkini'],
  ])('calls %s a %s', async (name, model) => {
    expect((await openProtocol(sexverseV4, { name })).model.name).toBe(model);
  });

  it('sends levels with responses', async () => {
    const driver = await openProtocol(sexverseV4, { name: 'HJ2024N01' });
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['bb 01 32 66']);
    expect(driver.drive(0, 'Vibrate', 75)).toEqual(['bb 01 4b 66']);
    expect(driver.stop()).toEqual(['bb 01 00 66']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: true }]);
  });

  it('drives the simulated toys', () =>
    expectFirmwareFollows(sexverseV4, sexverseV4Firmware, { unlisted: 'CFG1 vibrator' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(sexverseV4, sexverseV4Firmware, 'BC1847');
    for (const junk of ['', 'bb 01 32', 'bb 01 64 66', 'bb 02 32 66', 'bb 01 32 67'])
      firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate')]).toEqual([0]);
  });
});
