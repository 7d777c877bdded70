import { describe, expect, it } from 'vitest';
import { tryfunMeta2Firmware } from '../../../plugins/hardware-simulated/firmware/tryfun-meta2.js';
import { tryfunMeta2 } from '../../../plugins/protocols/tryfun-meta2.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const open = () => openProtocol(tryfunMeta2, { name: 'TF-META2' });

describe('tryfun-meta2', () => {
  it('numbers its packets, and stands still at -1', async () => {
    const driver = await open();
    expect(driver.drive(0, 'Oscillate', 100)).toEqual(['00 02 00 05 21 05 0b 64 6b']);
    expect(driver.drive(1, 'Vibrate', 100)).toEqual(['01 02 00 05 21 05 08 64 6e']);
    expect(driver.drive(2, 'Rotate', 100)).toEqual(['02 02 00 05 21 05 0e 9b 31']);
    expect(driver.drive(2, 'Rotate', -100)).toEqual(['03 02 00 05 21 05 0e 64 68']);
    expect(driver.drive(2, 'Rotate', -50)).toEqual(['04 02 00 05 21 05 0e 32 9a']);
    for (const level of [1, 2]) driver.drive(1, 'Vibrate', level);
    expect(driver.stop()).toEqual([
      '07 02 00 05 21 05 0b 00 cf',
      '08 02 00 05 21 05 08 00 d2',
      '09 02 00 05 21 05 0e ff cd',
    ]);
    expect(driver.order(2, 'Rotate', 1)).toMatchObject([{ slot: 2, withResponse: false }]);
  });

  it('has a checksum that wraps', async () => {
    const driver = await open();
    expect(driver.drive(2, 'Rotate', 51)).toEqual(['00 02 00 05 21 05 0e cc 00']);
  });

  it('drives the simulated toy', async () => {
    await expectFirmwareFollows(tryfunMeta2, tryfunMeta2Firmware, { runs: 100 });
    const { firmware, toy } = await openSimulated(tryfunMeta2, tryfunMeta2Firmware, 'unlisted');
    for (const junk of ['', '00 02 00 05 21 05 0b 64', '00 02 00 05 21 05 0b 64 6c', '00 02 00 05 21 05 0b 65 6a']) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.level(0, 'Oscillate')).toBe(0);
  });
});
