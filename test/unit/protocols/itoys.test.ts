import { describe, expect, it } from 'vitest';
import { itoysFirmware } from '../../../plugins/hardware-simulated/firmware/itoys.js';
import { itoys } from '../../../plugins/protocols/itoys.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('itoys', () => {
  it('has a packet for each kind of motor, in a slot of its own', async () => {
    const driver = await openProtocol(itoys, { name: 'SML-2310-SZ-B' });
    expect(driver.model.name).toBe('iToys Twinkling Stars');
    expect(driver.drive(0, 'Vibrate', 2)).toEqual(['a0 01 00 00 02 ff']);
    expect(driver.drive(1, 'Oscillate', 230)).toEqual(['a0 06 01 00 01 e6']);
    expect(driver.stop()).toEqual(['a0 01 00 00 00 ff', 'a0 06 00 00 00 00']);
    expect(driver.order(1, 'Oscillate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it.each([
    ['26-021-B', 'iToys Seagull'],
    ['ASF-001-BT-R', 'Defyeah Horizontal Sex Machine ASFO16'],
    ['another', 'iToys Device'],
  ])('takes %s for %s', async (name, model) => {
    expect((await openProtocol(itoys, { name })).model.name).toBe(model);
  });

  it('drives the simulated toys, which ignore junk', async () => {
    await expectFirmwareFollows(itoys, itoysFirmware, { unlisted: null });
    const { toy, firmware } = await openSimulated(itoys, itoysFirmware, '26-021-B');
    for (const junk of ['', 'a0 01 00 00 03', 'a1 01 00 00 03 ff', 'a0 01 00 00 04 ff', 'a0 06 01 00 01 e6']) {
      firmware.write('tx', fromHex(junk));
    }
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Oscillate')]).toEqual([0, 0]);
  });
});
