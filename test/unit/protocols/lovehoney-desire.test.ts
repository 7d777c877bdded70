import { describe, expect, it } from 'vitest';
import { lovehoneyDesireFirmware } from '../../../plugins/hardware-simulated/firmware/lovehoney-desire.js';
import { lovehoneyDesire } from '../../../plugins/protocols/lovehoney-desire.js';
import { expectFirmwareFollows, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('lovehoney-desire', () => {
  it('needs no preparation', async () => {
    const driver = await openProtocol(lovehoneyDesire, { name: 'KNICKER VIBE' });
    expect(driver.model.name).toBe('Lovehoney Desire Knicker Vibrator');
    expect(driver.link.take()).toEqual([]);
  });

  it('drives one motor with the packet for all', async () => {
    const driver = await openProtocol(lovehoneyDesire, { name: 'LOVE EGG' });
    driver.drive(0, 'Vibrate', 64);
    driver.drive(0, 'Vibrate', 13);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx!: f3 00 40', 'tx!: f3 00 0d', 'tx!: f3 00 00']);
  });

  it('sends both motors whenever one changes, each in its own slot', async () => {
    const driver = await openProtocol(lovehoneyDesire, { name: 'PROSTATE VIBE' });
    expect(driver.drive(0, 'Vibrate', 64)).toEqual(['f3 01 40', 'f3 02 00']);
    expect(driver.drive(0, 'Vibrate', 13)).toEqual(['f3 01 0d', 'f3 02 00']);
    expect(driver.drive(1, 'Vibrate', 64)).toEqual(['f3 01 0d', 'f3 02 40']);
    expect(driver.order(1, 'Vibrate', 65).map(({ slot }) => slot)).toEqual([0, 1]);
  });

  it('sends one packet that stands for both motors when they go the same speed', async () => {
    const driver = await openProtocol(lovehoneyDesire, { name: 'PROSTATE VIBE' });
    driver.drive(1, 'Vibrate', 64);
    expect(driver.order(1, 'Vibrate', 0)).toMatchObject([
      { slot: 0, alsoSlots: [1], data: Uint8Array.of(0xf3, 0x00, 0x00) },
    ]);
  });

  it('drives its simulated firmware', async () => {
    await expectFirmwareFollows(lovehoneyDesire, lovehoneyDesireFirmware, { unlisted: null });
    const { toy, firmware } = await openSimulated(lovehoneyDesire, lovehoneyDesireFirmware, 'LOVE EGG');
    for (const junk of [[], [0xf3], [0xf3, 0x00], [0xf4, 0x00, 0x40], [0xf3, 0x02, 0x40], [0xf3, 0x00, 0xff]]) {
      firmware.write('tx', Uint8Array.from(junk));
    }
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
