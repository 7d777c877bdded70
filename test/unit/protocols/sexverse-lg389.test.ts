import { describe, expect, it } from 'vitest';
import { sexverseLg389Firmware } from '../../../plugins/hardware-simulated/firmware/sexverse-lg389.js';
import { sexverseLg389 } from '../../../plugins/protocols/sexverse-lg389.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated, toHex } from '../../support/protocol-harness.js';

describe('sexverse-lg389', () => {
  it('sends everything in one packet, with a stroke to go with the oscillation', async () => {
    const driver = await openProtocol(sexverseLg389, { name: 'LG389' });
    expect(driver.drive(0, 'Vibrate', 2)).toEqual(['aa 05 02 14 00 00 00 00 00 00']);
    driver.drive(0, 'Vibrate', 3);
    expect(driver.drive(1, 'Oscillate', 8)).toEqual(['aa 05 03 14 01 00 04 00 08 00']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['aa 05 00 14 01 00 04 00 08 00']);
    expect(driver.stop()).toEqual(['aa 05 00 14 00 00 00 00 00 00']);
    expect(driver.order(1, 'Oscillate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: true }]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(sexverseLg389, sexverseLg389Firmware));

  it('has a simulated toy that tells its charge and ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(sexverseLg389, sexverseLg389Firmware, '');
    const answers: string[] = [];
    driver.link.on('notification', (_endpoint, data) => answers.push(toHex(data)));
    await driver.link.subscribe('rx');
    for (const packet of [
      '',
      'aa 04',
      'aa 05 02 14 00 00 00 00 00',
      'aa 05 04 14 01 00 04 00 08 00',
      'aa 05 02 13 01 00 04 00 08 00',
    ])
      firmware.write('tx', fromHex(packet));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Oscillate')]).toEqual([0, 0]);
    expect(answers).toEqual(['55 04 01 01 53 00']);
  });
});
