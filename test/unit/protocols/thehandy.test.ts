import { describe, expect, it } from 'vitest';
import { thehandyFirmware } from '../../../plugins/hardware-simulated/firmware/thehandy.js';
import { thehandy } from '../../../plugins/protocols/thehandy.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated, toHex } from '../../support/protocol-harness.js';

const open = () => openProtocol(thehandy, { name: 'The Handy' });

describe('thehandy', () => {
  it.each([
    [50, 500, '0a 13 9a 19 10 08 02 1a 0c 10 f4 03 19 00 00 00 00 00 00 e0 3f'],
    [100, 1000, '0a 13 9a 19 10 08 02 1a 0c 10 e8 07 19 00 00 00 00 00 00 f0 3f'],
    [75, 250, '0a 13 9a 19 10 08 02 1a 0c 10 fa 01 19 00 00 00 00 00 00 e8 3f'],
    [33, 100, '0a 12 9a 19 0f 08 02 1a 0b 10 64 19 1f 85 eb 51 b8 1e d5 3f'],
    [0, 500, '0a 0a 9a 19 07 08 02 1a 03 10 f4 03'],
    [50, 0, '0a 10 9a 19 0d 08 02 1a 09 19 00 00 00 00 00 00 e0 3f'],
    [0, 0, '0a 07 9a 19 04 08 02 1a 00'],
  ])('sends a move to %i in %i ms', async (position, duration, bytes) => {
    const driver = await open();
    driver.drive(0, 'HwPositionWithDuration', position, duration);
    expect(driver.link.take()).toEqual([`tx!: ${bytes}`]);
  });

  it('keeps moves in one slot and pings with a packet of its own', async () => {
    const driver = await open();
    expect(driver.model.messageGapMs).toBe(50);
    expect(driver.order(0, 'HwPositionWithDuration', 1, 1).map(({ slot }) => slot)).toEqual(['moves']);
    const keepalive = thehandy.keepalive;
    expect(keepalive?.kind === 'packet' && toHex(keepalive.write.data)).toBe('0a 06 b2 06 03 08 e7 07');
  });

  it('drives its simulated firmware', async () => {
    await expectFirmwareFollows(thehandy, thehandyFirmware);
    const { driver, toy, firmware } = await openSimulated(thehandy, thehandyFirmware, '');
    for (let position = 0; position <= 100; position += 1) {
      driver.drive(0, 'HwPositionWithDuration', position, 90_000);
      expect(toy.target(0)).toBe(position);
    }
    for (const junk of ['', '0a', '0a 13 9a 19 10 08', 'ff ff ff ff ff', '0a 06 b2 06 03 08 e7 07', '0b 01']) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.target(0)).toBe(100);
  });
});
