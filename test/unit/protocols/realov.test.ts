import { describe, expect, it } from 'vitest';
import { realovFirmware } from '../../../plugins/hardware-simulated/firmware/realov.js';
import { realov } from '../../../plugins/protocols/realov.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('realov', () => {
  it('sends the speed between its marks', async () => {
    const driver = await openProtocol(realov, { name: 'REALOV_VIBE' });
    expect(driver.drive(0, 'Vibrate', 25)).toEqual(['c5 55 19 aa']);
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['c5 55 32 aa']);
    expect(driver.stop()).toEqual(['c5 55 00 aa']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(realov, realovFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(realov, realovFirmware, '');
    for (const junk of ['', 'c5 55 19', 'c5 55 33 aa', 'c5 54 19 aa', 'c5 55 19 ab'])
      firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate')]).toEqual([0]);
  });
});
