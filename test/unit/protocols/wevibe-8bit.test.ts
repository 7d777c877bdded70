import { describe, expect, it } from 'vitest';
import { wevibe8bitFirmware } from '../../../plugins/hardware-simulated/firmware/wevibe-8bit.js';
import { wevibe8bit } from '../../../plugins/protocols/wevibe-8bit.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const OFF = '0f 00 00 00 00 00 00 00';

describe('wevibe-8bit', () => {
  it('adds three to the levels and says which motors run', async () => {
    const driver = await openProtocol(wevibe8bit, { name: 'Vector' });
    expect(driver.link.take()).toEqual([]);
    driver.drive(0, 'Vibrate', 6);
    expect(driver.drive(1, 'Vibrate', 3)).toEqual(['0f 03 00 06 09 03 00 00']);
    driver.drive(0, 'Vibrate', 9);
    expect(driver.drive(1, 'Vibrate', 6)).toEqual(['0f 03 00 09 0c 03 00 00']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['0f 03 00 09 03 02 00 00']);
    expect(driver.order(1, 'Vibrate', 0)).toMatchObject([{ slot: 'device', withResponse: true }]);
    expect(driver.stop()).toEqual([OFF]);
  });

  it('sends one motor’s level twice', async () => {
    const driver = await openProtocol(wevibe8bit, { name: 'Moxie' });
    expect(driver.drive(0, 'Vibrate', 6)).toEqual(['0f 03 00 09 09 03 00 00']);
    expect(driver.drive(0, 'Vibrate', 9)).toEqual(['0f 03 00 0c 0c 03 00 00']);
    expect(driver.stop()).toEqual([OFF]);
  });

  it('drives the simulated toys', async () => {
    await expectFirmwareFollows(wevibe8bit, wevibe8bitFirmware, { unlisted: null });
    const { firmware, toy } = await openSimulated(wevibe8bit, wevibe8bitFirmware, 'Vector');
    for (const junk of ['', '0f 03 00 09 09 03 00', '0e 03 00 09 09 03 00 00', '0f 03 00 ff 09 03 00 00']) {
      firmware.write('tx', fromHex(junk));
    }
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([0, 0]);
  });
});
