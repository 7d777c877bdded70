import { describe, expect, it } from 'vitest';
import { magicMotion4Firmware } from '../../../plugins/hardware-simulated/firmware/magic-motion-4.js';
import { magicMotion4 } from '../../../plugins/protocols/magic-motion-4.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('magic-motion-4', () => {
  it('sends the speed of one motor twice, with a response', async () => {
    const driver = await openProtocol(magicMotion4, { name: 'nyx' });
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['10 ff 04 0a 32 32 00 04 08 32 64 00 04 08 32 64 01']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: true }]);
    expect(driver.stop()).toEqual(['10 ff 04 0a 32 32 00 04 08 00 64 00 04 08 00 64 01']);
  });

  it('sends the speeds of two motors', async () => {
    const driver = await openProtocol(magicMotion4, { name: 'bobi2' });
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['10 ff 04 0a 32 32 00 04 08 32 64 00 04 08 00 64 01']);
    expect(driver.drive(1, 'Vibrate', 25)).toEqual(['10 ff 04 0a 32 32 00 04 08 32 64 00 04 08 19 64 01']);
    expect(driver.stop()).toEqual(['10 ff 04 0a 32 32 00 04 08 00 64 00 04 08 00 64 01']);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(magicMotion4, magicMotion4Firmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(magicMotion4, magicMotion4Firmware, 'umi');
    const junk = [
      '10 ff 04 0a 32 32 00 04 08 32 64 00',
      '10 ff 04 0a 32 0a 00 04 08 32 64 00 04 08 32 64 01',
      '10 ff 04 0a 32 32 00 04 08 32 64 00 04 08 65 64 01',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
