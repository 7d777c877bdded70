import { describe, expect, it } from 'vitest';
import { museFirmware } from '../../../plugins/hardware-simulated/firmware/muse.js';
import { muse } from '../../../plugins/protocols/muse.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('muse', () => {
  it('sends speeds that hold for a second, and repeats them', async () => {
    const driver = await openProtocol(muse, { name: 'WB-TDD' });
    expect([driver.model.name, muse.status]).toEqual(['Galaku Panty Vib', 'unverified']);
    driver.drive(0, 'Vibrate', 5);
    driver.drive(0, 'Vibrate', 9);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx: 05 01', 'tx: 09 01', 'tx: 00 00']);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
    expect(muse.keepalive).toEqual({ kind: 'repeat-last', everyMs: 500 });
  });

  it('drives the simulated toys', () => expectFirmwareFollows(muse, museFirmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, toy, firmware } = await openSimulated(muse, museFirmware, 'WB-TDD');
    driver.drive(0, 'Vibrate', 3);
    for (const junk of ['', '05', '05 00', '10 01', '05 01 00']) firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(3);
  });
});
