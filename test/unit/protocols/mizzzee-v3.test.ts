import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mizzzeeV3Firmware } from '../../../plugins/hardware-simulated/firmware/mizzzee-v3.js';
import { mizzzeeV3 } from '../../../plugins/protocols/mizzzee-v3.js';
import { fromHex, matchesName, openProtocol, openSimulated, toHex } from '../../support/protocol-harness.js';

const STOP = '03 12 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00';

describe('mizzzee-v3', () => {
  it.each([
    [1, '03 12 f3 00 fc 00 fe 40 01 fc 4c 00 fc 00 fe 40 01 fc 4c 00'],
    [500, '03 12 f3 00 fc 00 fe 40 01 3c a6 00 fc 00 fe 40 01 3c a6 00'],
    [1000, '03 12 f3 00 fc 00 fe 40 01 fc ff 00 fc 00 fe 40 01 fc ff 00'],
    [0, STOP],
  ])('sends level %i as a strength', async (level, bytes) => {
    const driver = await openProtocol(mizzzeeV3, { name: 'XHTKJ' });
    expect(driver.link.take()).toEqual([]);
    driver.drive(0, 'Vibrate', level);
    expect(driver.link.take()).toEqual([`tx!: ${bytes}`]);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
    expect(driver.stop()).toEqual([STOP]);
  });

  it('repeats its last packet five times a second', () => {
    expect(mizzzeeV3.keepalive).toEqual({ kind: 'repeat-last', everyMs: 200 });
  });

  it('never gets weaker with a higher level', async () => {
    const driver = await openProtocol(mizzzeeV3, { name: 'XHTKJ' });
    const strength = (level: number) => {
      const [, , , , , , , , , low = 0, high = 0] = driver.order(0, 'Vibrate', level)[0]?.data ?? [];
      return (high << 8) | low;
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), (level) => {
        expect(strength(level + 1)).toBeGreaterThanOrEqual(strength(level));
        expect(strength(level) >> 6).toBe(Math.floor((0.3 + (0.7 * level) / 1000) * 1023 + 1e-9));
      }),
    );
  });

  it('drives the simulated toy, which has fewer strengths than there are levels', async () => {
    const { driver, toy } = await openSimulated(mizzzeeV3, mizzzeeV3Firmware, '');
    expect(matchesName(mizzzeeV3, toy.name)).toBe(true);
    const packetOf = (level: number) => driver.order(0, 'Vibrate', level).map(({ data }) => toHex(data));
    const follows = (level: number) => {
      driver.drive(0, 'Vibrate', level);
      const shown = toy.level(0, 'Vibrate');
      expect(packetOf(shown)).toEqual(packetOf(level));
      expect(level - shown).toBeLessThan(2);
    };
    for (const level of [1, 1000, 0]) follows(level);
    fc.assert(fc.property(fc.integer({ min: 0, max: 1000 }), follows));
    driver.stop();
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });

  it('has a simulated toy that ignores junk', async () => {
    const { driver, toy, firmware } = await openSimulated(mizzzeeV3, mizzzeeV3Firmware, '');
    driver.drive(0, 'Vibrate', 20);
    for (const junk of [
      '',
      '03 12',
      '03 12 f3 00 fc 00 fe 40 01 fc ff 00 fc 00 fe 40 01 fc fe 00',
      '03 12 f3 00 fc 00 fe 40 02 fc ff 00 fc 00 fe 40 01 fc ff 00',
      '03 12 f3 00 fc 00 fe 40 01 fc 00 00 fc 00 fe 40 01 fc 00 00',
    ])
      firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(20);
  });
});
