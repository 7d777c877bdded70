import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loobFirmware } from '../../../plugins/hardware-simulated/firmware/loob.js';
import { loob } from '../../../plugins/protocols/loob.js';
import { matchesName, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('loob', () => {
  it('starts at the lowest position', async () => {
    const driver = await openProtocol(loob, { name: 'LOOB' });
    expect(driver.model.name).toBe('Joyroid Loob');
    expect(driver.link.take()).toEqual(['tx!: 00 01 01 f4']);
  });

  it.each([
    [510, 200, '01 fe 00 c8'],
    [1000, 50, '03 e8 00 32'],
    [0, 500, '00 01 01 f4'],
    [1000, 0, '03 e8 00 01'],
    [1000, 65_535, '03 e8 ff ff'],
    [1000, 65_536, '03 e8 ff ff'],
    [1000, 100_000, '03 e8 ff ff'],
  ])('sends a move to %i in %i ms', async (position, duration, bytes) => {
    const driver = await openProtocol(loob, { name: 'LOOB' });
    driver.link.take();
    driver.drive(0, 'HwPositionWithDuration', position, duration);
    expect(driver.link.take()).toEqual([`tx: ${bytes}`]);
    expect(driver.order(0, 'HwPositionWithDuration', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('drives its simulated firmware, whose lowest position is 1', async () => {
    const { driver, toy, firmware } = await openSimulated(loob, loobFirmware, '');
    expect(matchesName(loob, toy.name)).toBe(true);
    expect(toy.target(0)).toBe(1);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 100_000 }), (position, duration) => {
        driver.drive(0, 'HwPositionWithDuration', position, duration);
        expect(toy.target(0)).toBe(Math.max(position, 1));
      }),
    );
    driver.drive(0, 'HwPositionWithDuration', 500, 100);
    for (const junk of [[], [0x03, 0xe8, 0x00], [0xff, 0xff, 0x00, 0x01]]) {
      firmware.write('tx', Uint8Array.from(junk));
    }
    expect(toy.target(0)).toBe(500);
  });
});
