import { describe, expect, it } from 'vitest';
import { wevibeChorusFirmware } from '../../../plugins/hardware-simulated/firmware/wevibe-chorus.js';
import { wevibeChorus } from '../../../plugins/protocols/wevibe-chorus.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const OFF = '0f 00 00 00 00 00 00 00';

describe('wevibe-chorus', () => {
  it.each(['Chorus', 'skeena'])('calls %s a Chorus', async (name) => {
    expect((await openProtocol(wevibeChorus, { name })).model.name).toBe('WeVibe Chorus');
  });

  it('sends the internal level first and says which motors run', async () => {
    const driver = await openProtocol(wevibeChorus, { name: 'Sync 2' });
    expect(driver.link.take()).toEqual([]);
    driver.drive(0, 'Vibrate', 15);
    expect(driver.drive(1, 'Vibrate', 8)).toEqual(['0f 03 00 0f 08 03 00 00']);
    driver.drive(0, 'Vibrate', 23);
    expect(driver.drive(1, 'Vibrate', 15)).toEqual(['0f 03 00 17 0f 03 00 00']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['0f 03 00 00 0f 02 00 00']);
    expect(driver.order(1, 'Vibrate', 0)).toMatchObject([{ slot: 'device', withResponse: true }]);
    expect(driver.stop()).toEqual([OFF]);
  });

  it('sends one motor’s level twice', async () => {
    const driver = await openProtocol(wevibeChorus, { name: 'Sync O' });
    expect(driver.drive(0, 'Vibrate', 15)).toEqual(['0f 03 00 0f 0f 03 00 00']);
    expect(driver.stop()).toEqual([OFF]);
  });

  it('drives the simulated toys', async () => {
    await expectFirmwareFollows(wevibeChorus, wevibeChorusFirmware);
    const { firmware, toy } = await openSimulated(wevibeChorus, wevibeChorusFirmware, 'unlisted');
    for (const junk of ['', '0f 03 00 09 09 03 00', '0e 03 00 09 09 03 00 00', '0f 03 00 1f 09 03 00 00']) {
      firmware.write('tx', fromHex(junk));
    }
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([0, 0]);
  });
});
