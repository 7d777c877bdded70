import { describe, expect, it } from 'vitest';
import { zaloFirmware } from '../../../plugins/hardware-simulated/firmware/zalo.js';
import { zalo } from '../../../plugins/protocols/zalo.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('zalo', () => {
  it('sends both levels, at least 1, and says whether any is on', async () => {
    const jeanne = await openProtocol(zalo, { name: 'ZALO-Jeanne' });
    expect(jeanne.drive(0, 'Vibrate', 5)).toEqual(['01 05 01']);
    expect(jeanne.stop()).toEqual(['02 01 01']);
    const queen = await openProtocol(zalo, { name: 'ZALO-Queen' });
    expect(queen.drive(1, 'Vibrate', 8)).toEqual(['01 01 08']);
    expect(queen.drive(0, 'Vibrate', 3)).toEqual(['01 03 08']);
    expect(queen.stop()).toEqual(['02 01 01']);
    expect(queen.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 'device', withResponse: true }]);
  });

  it('drives the simulated toys', async () => {
    const jeanne = zalo.models.filter(({ name }) => name === 'Zalo Jeanne');
    await expectFirmwareFollows(zalo, zaloFirmware, { models: jeanne });
    for (const name of ['ZALO-Queen', 'ZALO-King']) {
      const { driver, toy, firmware } = await openSimulated(zalo, zaloFirmware, name);
      const motors = () => [toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')];
      driver.drive(0, 'Vibrate', 8);
      // It cannot be off while the other one runs.
      expect(motors()).toEqual([8, 1]);
      driver.drive(1, 'Vibrate', 3);
      expect(motors()).toEqual([8, 3]);
      driver.stop();
      expect(motors()).toEqual([0, 0]);
      for (const junk of ['', '01 08', '01 09 01', '01 00 01', '03 05 05']) firmware.write('tx', fromHex(junk));
      expect(motors()).toEqual([0, 0]);
    }
  });
});
