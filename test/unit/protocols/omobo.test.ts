import { describe, expect, it } from 'vitest';
import { omoboFirmware } from '../../../plugins/hardware-simulated/firmware/omobo.js';
import { omobo } from '../../../plugins/protocols/omobo.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('omobo', () => {
  it('sends the speed with a response asked for', async () => {
    const driver = await openProtocol(omobo, { name: 'S6' });
    expect(driver.model.name).toBe('Omobo ViVegg Vibrator');
    driver.drive(0, 'Vibrate', 50);
    driver.drive(0, 'Vibrate', 100);
    driver.stop();
    expect(driver.link.take()).toEqual([
      'tx!: a1 04 04 01 32 ff 55',
      'tx!: a1 04 04 01 64 ff 55',
      'tx!: a1 04 04 01 00 ff 55',
    ]);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(omobo, omoboFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, toy, firmware } = await openSimulated(omobo, omoboFirmware, '');
    driver.drive(0, 'Vibrate', 20);
    for (const junk of ['', 'a1 04 04 01 65 ff 55', 'a1 04 04 01 32 ff 54', 'a1 04 04 02 32 ff 55'])
      firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(20);
  });
});
