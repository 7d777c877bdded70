import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sexverseV1Firmware } from '../../../plugins/hardware-simulated/firmware/sexverse-v1.js';
import { sexverseV1 } from '../../../plugins/protocols/sexverse-v1.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('sexverse-v1', () => {
  it('sends the only level', async () => {
    const driver = await openProtocol(sexverseV1, { name: 'Rex' });
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['23 07 03 81 03 80 25']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: false }]);
  });

  it.each(['Cali', 'LY165A01'])('sends both levels of a %s', async (name) => {
    const driver = await openProtocol(sexverseV1, { name });
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['23 07 06 81 03 80 82 04 00 a6']);
    driver.drive(0, 'Vibrate', 192);
    expect(driver.drive(1, 'Constrict', 128)).toEqual(['23 07 06 81 03 c0 82 04 80 66']);
  });

  it('says what kind of motor each one is', async () => {
    const olis = await openProtocol(sexverseV1, { name: 'Olis' });
    expect(olis.drive(2, 'Rotate', 128)).toEqual(['23 07 09 81 03 00 82 03 00 83 06 80 2b']);
    expect(olis.stop()).toEqual(['23 07 09 81 03 00 82 03 00 83 06 00 ab']);
    const bucue = await openProtocol(sexverseV1, { name: 'LY213A01' });
    expect(bucue.drive(1, 'Vibrate', 128)).toEqual(['23 07 06 81 04 00 82 03 80 a6']);
  });

  it('ends in the exclusive-or of all bytes before', async () => {
    const driver = await openProtocol(sexverseV1, { name: 'Cali' });
    const levels = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(levels, levels, (vibration, constriction) => {
        driver.order(0, 'Vibrate', vibration);
        const [write] = driver.order(1, 'Constrict', constriction);
        expect(write?.data.reduce((sum, byte) => sum ^ byte, 0)).toBe(0);
        expect([write?.data[5], write?.data[8]]).toEqual([vibration, constriction]);
      }),
    );
  });

  it('drives the simulated toys', () => expectFirmwareFollows(sexverseV1, sexverseV1Firmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(sexverseV1, sexverseV1Firmware, 'Cali');
    for (const junk of [
      '',
      '23 07 03 81 03 80 25',
      '23 07 06 81 03 80 82 04 00 a7',
      '23 07 06 81 03 80 82 04 a6',
      '23 07 06 81 03 80 83 04 00 a7',
      '22 07 06 81 03 80 82 04 00 a7',
    ])
      firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate')]).toEqual([0]);
  });
});
