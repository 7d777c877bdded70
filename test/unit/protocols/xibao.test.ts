import { describe, expect, it } from 'vitest';
import { xibaoFirmware } from '../../../plugins/hardware-simulated/firmware/xibao.js';
import { xibao } from '../../../plugins/protocols/xibao.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const HEADER = '66 3a 00 06 00 06 01 02 00 02 04';

describe('xibao', () => {
  it('sends a level and the sum of the packet', async () => {
    const driver = await openProtocol(xibao, { name: 'CCYB_1904' });
    expect(driver.model.name).toBe('Xibao Smart Masturbation Cup');
    expect(driver.drive(0, 'Oscillate', 50)).toEqual([`${HEADER} 32 e7`]);
    expect(driver.drive(0, 'Oscillate', 99)).toEqual([`${HEADER} 63 18`]);
    expect(driver.stop()).toEqual([`${HEADER} 00 b5`]);
    expect(driver.order(0, 'Oscillate', 1)).toMatchObject([{ slot: 0, withResponse: false }]);
  });

  it('drives the simulated cup', async () => {
    await expectFirmwareFollows(xibao, xibaoFirmware, { unlisted: 'CCYB_9', runs: 100 });
    const { firmware, toy } = await openSimulated(xibao, xibaoFirmware, 'CCYB_9');
    for (const junk of ['', HEADER, `${HEADER} 32 e8`, `${HEADER} 64 19`]) firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Oscillate')).toBe(0);
  });
});
