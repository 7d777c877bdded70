import { describe, expect, it } from 'vitest';
import { synchroFirmware } from '../../../plugins/hardware-simulated/firmware/synchro.js';
import { synchro } from '../../../plugins/protocols/synchro.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('synchro', () => {
  it('turns both ways', async () => {
    const driver = await openProtocol(synchro, { name: 'synchro EX' });
    expect(driver.model.name).toBe('Synchro Exchange');
    expect(driver.drive(0, 'Rotate', 3)).toEqual(['a1 01 03 77 55']);
    expect(driver.drive(0, 'Rotate', -6)).toEqual(['a1 01 86 77 55']);
    expect(driver.stop()).toEqual(['a1 01 00 77 55']);
    expect(driver.order(0, 'Rotate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(synchro, synchroFirmware, { unlisted: 'Shinkuro' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(synchro, synchroFirmware, 'synchro2');
    for (const junk of ['', 'a1 01 03 77', 'a1 01 07 77 55', 'a1 01 03 77 54', 'a0 01 03 77 55'])
      firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Rotate')]).toEqual([0]);
  });
});
