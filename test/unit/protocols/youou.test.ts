import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yououFirmware } from '../../../plugins/hardware-simulated/firmware/youou.js';
import { youou } from '../../../plugins/protocols/youou.js';
import { fromHex, matchesName, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const ZEROS = '00 00 00 00 00 00 00';

describe('youou', () => {
  it('numbers its packets, and says whether the motor runs', async () => {
    const driver = await openProtocol(youou, { name: 'VX001_01' });
    expect(driver.model.name).toBe('Youou Wand Vibrator');
    expect(driver.drive(0, 'Vibrate', 128)).toEqual([`aa 55 00 02 03 01 80 01 7e ff ${ZEROS}`]);
    expect(driver.drive(0, 'Vibrate', 124)).toEqual([`aa 55 01 02 03 01 7c 01 83 ff ${ZEROS}`]);
    expect(driver.stop()).toEqual([`aa 55 02 02 03 01 00 00 fd ff ${ZEROS}`]);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, withResponse: false }]);
  });

  it('drives the simulated wand, as strongly as it can without starting a pattern', async () => {
    const { driver, toy, firmware } = await openSimulated(youou, yououFirmware, 'VX001_01');
    expect(matchesName(youou, toy.name)).toBe(true);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), (level) => {
        driver.drive(0, 'Vibrate', level);
        expect(toy.level(0, 'Vibrate')).toBe(Math.min(level, 247));
      }),
      { numRuns: 300 },
    );
    driver.stop();
    for (const junk of [
      '',
      'aa 55 00',
      `aa 55 00 02 03 01 80 01 7f ff ${ZEROS}`,
      `aa 55 00 02 03 01 ff 01 01 ff ${ZEROS}`,
    ]) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
