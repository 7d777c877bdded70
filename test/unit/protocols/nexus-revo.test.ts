import { describe, expect, it } from 'vitest';
import { nexusRevoFirmware } from '../../../plugins/hardware-simulated/firmware/nexus-revo.js';
import { nexusRevo } from '../../../plugins/protocols/nexus-revo.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('nexus-revo', () => {
  it('vibrates and rotates with a response asked for', async () => {
    const driver = await openProtocol(nexusRevo, { name: 'XW-LW3' });
    driver.drive(0, 'Vibrate', 5);
    for (const level of [1, 2, -1, -2]) driver.drive(1, 'Rotate', level);
    expect(driver.link.take()).toEqual([
      'tx!: aa 01 01 00 01 05',
      'tx!: aa 01 02 00 03 00',
      'tx!: aa 01 02 00 04 00',
      'tx!: aa 01 02 00 01 00',
      'tx!: aa 01 02 00 02 00',
    ]);
    expect(driver.stop()).toEqual(['aa 01 01 00 01 00', 'aa 01 02 00 00 00']);
    expect(driver.order(1, 'Rotate', 1).map(({ slot }) => slot)).toEqual([1]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(nexusRevo, nexusRevoFirmware));

  it('has a simulated toy that ignores junk, and knows how to stop at once', async () => {
    const { driver, toy, firmware } = await openSimulated(nexusRevo, nexusRevoFirmware, '');
    driver.drive(0, 'Vibrate', 4);
    driver.drive(1, 'Rotate', -1);
    for (const junk of ['', 'aa 01 01 00 01 0b', 'aa 01 02 00 05 00', 'ab 00 00 00 00 00']) {
      firmware.write('tx', fromHex(junk));
    }
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Rotate')]).toEqual([4, -1]);
    firmware.write('tx', fromHex('aa 00 00 00 00 00'));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Rotate')]).toEqual([0, 0]);
  });
});
