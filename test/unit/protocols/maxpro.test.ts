import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxproFirmware } from '../../../plugins/hardware-simulated/firmware/maxpro.js';
import { maxpro } from '../../../plugins/protocols/maxpro.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('maxpro', () => {
  it.each([
    [50, '55 04 07 ff ff 3f 32 5f 32 60'],
    [100, '55 04 07 ff ff 3f 64 5f 64 c4'],
    [0, '55 04 07 ff ff 3f 00 5f 00 fc'],
  ])('sends speed %i twice, and the sum', async (level, bytes) => {
    const driver = await openProtocol(maxpro, { name: 'M2' });
    driver.drive(0, 'Vibrate', level);
    expect(driver.link.take()).toEqual([`tx: ${bytes}`]);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('ends every packet with the sum of the bytes before', async () => {
    const driver = await openProtocol(maxpro, { name: 'M2' });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (level) => {
        const bytes = driver.order(0, 'Vibrate', level).flatMap(({ data }) => [...data]);
        expect(bytes.slice(0, -1).reduce((sum, byte) => sum + byte) & 0xff).toBe(bytes.at(-1));
      }),
    );
  });

  it('drives the simulated toy', () => expectFirmwareFollows(maxpro, maxproFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, toy, firmware } = await openSimulated(maxpro, maxproFirmware, '');
    driver.drive(0, 'Vibrate', 20);
    for (const junk of ['', '55 04 07 ff ff 3f 32 5f 32 61', '55 04 07 ff ff 3f 32 5f 33 61'])
      firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(20);
  });
});
