import { describe, expect, it } from 'vitest';
import { wetoyFirmware } from '../../../plugins/hardware-simulated/firmware/wetoy.js';
import { wetoy } from '../../../plugins/protocols/wetoy.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('wetoy', () => {
  it('is stopped when connected', async () => {
    const driver = await openProtocol(wetoy, { name: 'WeToy' });
    expect(driver.model.name).toBe('WeToy MiNa');
    expect(driver.link.take()).toEqual(['tx!: 80 03']);
  });

  it('counts levels from 0, and has another packet to stop', async () => {
    const driver = await openProtocol(wetoy, { name: 'WeToy' });
    expect(driver.drive(0, 'Vibrate', 1)).toEqual(['b2 00']);
    expect(driver.drive(0, 'Vibrate', 2)).toEqual(['b2 01']);
    expect(driver.drive(0, 'Vibrate', 3)).toEqual(['b2 02']);
    expect(driver.stop()).toEqual(['80 03']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, withResponse: true }]);
  });

  it('drives the simulated toy', async () => {
    await expectFirmwareFollows(wetoy, wetoyFirmware);
    const { firmware, toy } = await openSimulated(wetoy, wetoyFirmware, 'unlisted');
    for (const junk of ['', 'b2', 'b2 03', 'b2 01 00', 'b3 01']) firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
