import { describe, expect, it } from 'vitest';
import { magicMotion2Firmware } from '../../../plugins/hardware-simulated/firmware/magic-motion-2.js';
import { magicMotion2 } from '../../../plugins/protocols/magic-motion-2.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('magic-motion-2', () => {
  it('sends both speeds in one packet', async () => {
    const driver = await openProtocol(magicMotion2, { name: 'Eidolon' });
    driver.drive(0, 'Vibrate', 50);
    expect(driver.drive(1, 'Vibrate', 25)).toEqual(['10 ff 04 0a 32 0a 00 04 08 32 64 00 04 08 19 64 01']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['10 ff 04 0a 32 0a 00 04 08 00 64 00 04 08 00 64 01']);
  });

  it('leaves the second place empty for toys with one motor', async () => {
    const driver = await openProtocol(magicMotion2, { name: 'Sword' });
    expect(driver.model.name).toBe('MagicMotion Equinox');
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['10 ff 04 0a 32 0a 00 04 08 32 64 00 04 08 00 64 01']);
  });

  it('drives and stops the oscillator of the Jive as the second motor', async () => {
    const driver = await openProtocol(magicMotion2, { name: 'CBT001' });
    driver.drive(0, 'Vibrate', 10);
    expect(driver.drive(1, 'Oscillate', 100)).toEqual(['10 ff 04 0a 32 0a 00 04 08 0a 64 00 04 08 64 64 01']);
    expect(driver.stop()).toEqual(['10 ff 04 0a 32 0a 00 04 08 00 64 00 04 08 00 64 01']);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(magicMotion2, magicMotion2Firmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(magicMotion2, magicMotion2Firmware, 'Eidolon');
    const junk = [
      '10 ff 04 0a 32 0a 00 04 08 32 64 00',
      '10 ff 04 0a 32 32 00 04 08 32 64 00 04 08 32 64 01',
      '10 ff 04 0a 32 0a 00 04 08 32 64 00 04 08 65 64 01',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
