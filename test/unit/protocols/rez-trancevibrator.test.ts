import { describe, expect, it } from 'vitest';
import { rezTrancevibratorFirmware } from '../../../plugins/hardware-simulated/firmware/rez-trancevibrator.js';
import { rezTrancevibrator } from '../../../plugins/protocols/rez-trancevibrator.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('rez-trancevibrator', () => {
  it('sends the speed and nothing else', async () => {
    const driver = await openProtocol(rezTrancevibrator, { name: 'TranceVibrator' });
    expect(rezTrancevibrator).toMatchObject({
      status: 'unverified',
      links: [{ kind: 'usb', pairs: [{ vendorId: 2889, productId: 1615 }] }],
    });
    expect(driver.drive(0, 'Vibrate', 255)).toEqual(['ff']);
    expect(driver.stop()).toEqual(['00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated device', () => expectFirmwareFollows(rezTrancevibrator, rezTrancevibratorFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(rezTrancevibrator, rezTrancevibratorFirmware, '');
    for (const junk of ['', 'ff ff']) firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate')]).toEqual([0]);
  });
});
