import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tryfunBlackholeFirmware } from '../../../plugins/hardware-simulated/firmware/tryfun-blackhole.js';
import { tryfunBlackhole } from '../../../plugins/protocols/tryfun-blackhole.js';
import { expectFirmwareFollows, fromHex, openProtocol } from '../../support/protocol-harness.js';

describe('tryfun-blackhole', () => {
  it('numbers its packets, whichever motor they are for', async () => {
    const driver = await openProtocol(tryfunBlackhole, { name: 'TF-BHPLUS' });
    expect(driver.model.name).toBe('TryFun Black Hole Plus');
    expect(driver.drive(0, 'Oscillate', 100)).toEqual(['00 02 00 03 0c 64 90']);
    expect(driver.drive(1, 'Vibrate', 100)).toEqual(['01 02 00 03 09 64 93']);
    expect(driver.drive(0, 'Oscillate', 50)).toEqual(['02 02 00 03 0c 32 c2']);
    expect(driver.drive(1, 'Vibrate', 50)).toEqual(['03 02 00 03 09 32 c5']);
    expect(driver.stop()).toEqual(['04 02 00 03 0c 00 f4', '05 02 00 03 09 00 f7']);
    expect(driver.order(1, 'Vibrate', 50)).toMatchObject([{ slot: 1, withResponse: false }]);
  });

  it('begins again with number 0 after 255, and on every connection', async () => {
    const driver = await openProtocol(tryfunBlackhole, { name: 'TF-ROCK' });
    for (let count = 0; count < 256; count += 1) driver.drive(1, 'Vibrate', 1);
    expect(driver.drive(1, 'Vibrate', 50)).toEqual(['00 02 00 03 09 32 c5']);
    const again = await openProtocol(tryfunBlackhole, { name: 'TF-ROCK' });
    expect(again.drive(1, 'Vibrate', 50)).toEqual(['00 02 00 03 09 32 c5']);
  });

  it('has a checksum that completes all but the number', async () => {
    const driver = await openProtocol(tryfunBlackhole, { name: 'TF-BHPLUS' });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (level) => {
        const [packet = ''] = driver.drive(0, 'Oscillate', level);
        const sum = fromHex(packet).reduce((total, byte, at) => (at === 0 ? total : total + byte), 0);
        expect(sum & 0xff).toBe(0x05);
      }),
    );
  });

  it('drives the simulated toys', () => expectFirmwareFollows(tryfunBlackhole, tryfunBlackholeFirmware));
});
