import { describe, expect, it } from 'vitest';
import { magicMotion3Firmware } from '../../../plugins/hardware-simulated/firmware/magic-motion-3.js';
import { magicMotion3 } from '../../../plugins/protocols/magic-motion-3.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('magic-motion-3', () => {
  it('sends the speed', async () => {
    const driver = await openProtocol(magicMotion3, { name: 'Krush' });
    expect(driver.drive(0, 'Vibrate', 39)).toEqual(['0b ff 04 0a 46 46 00 04 08 27 64 00']);
    expect(driver.drive(0, 'Vibrate', 58)).toEqual(['0b ff 04 0a 46 46 00 04 08 3a 64 00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['0b ff 04 0a 46 46 00 04 08 00 64 00']);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(magicMotion3, magicMotion3Firmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(magicMotion3, magicMotion3Firmware, '');
    const junk = [
      '0b ff 04 0a 46 46 00 04 08 32 64',
      '0b ff 04 0a 32 32 00 04 08 32 64 00',
      '0b ff 04 0a 46 46 00 04 08 4e 64 00',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
