import { describe, expect, it } from 'vitest';
import { pinkPunchFirmware } from '../../../plugins/hardware-simulated/firmware/pink_punch.js';
import { pinkPunch } from '../../../plugins/protocols/pink_punch.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('pink_punch', () => {
  it('sends the speed of its steady mode, with responses', async () => {
    const driver = await openProtocol(pinkPunch, { name: 'PinkPunch_Peachu' });
    expect(driver.model.name).toBe('Pink Punch Peachu');
    for (const speed of [50, 75]) driver.drive(0, 'Vibrate', speed);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx!: 09 32', 'tx!: 09 4b', 'tx!: 09 00']);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(pinkPunch, pinkPunchFirmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(pinkPunch, pinkPunchFirmware, 'Pink_Punch');
    for (const junk of ['', '09', '07 32', '09 65', '09 32 00']) firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate')]).toEqual([0]);
  });
});
