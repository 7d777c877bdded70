import { describe, expect, it } from 'vitest';
import { lovenutsFirmware } from '../../../plugins/hardware-simulated/firmware/lovenuts.js';
import { lovenuts } from '../../../plugins/protocols/lovenuts.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('lovenuts', () => {
  it('sends twenty steps of the same level', async () => {
    const driver = await openProtocol(lovenuts, { name: 'Love_Nuts' });
    expect(driver.drive(0, 'Vibrate', 8)).toEqual(['45 56 4f 4c 88 88 88 88 88 88 88 88 88 88 00 ff']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['45 56 4f 4c 00 00 00 00 00 00 00 00 00 00 00 ff']);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(lovenuts, lovenutsFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(lovenuts, lovenutsFirmware, '');
    const junk = [
      '45 56 4f 4c 88',
      '45 56 4f 4d 88 88 88 88 88 88 88 88 88 88 00 ff',
      '45 56 4f 4c 88 88 88 88 88 88 88 88 88 87 00 ff',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
