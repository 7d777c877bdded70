import { describe, expect, it } from 'vitest';
import { vorzeSaFirmware } from '../../../plugins/hardware-simulated/firmware/vorze-sa.js';
import { vorzeSa } from '../../../plugins/protocols/vorze-sa.js';
import { expectFirmwareFollows, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('vorze-sa', () => {
  it('refuses a device whose kind it does not know', async () => {
    await expect(openProtocol(vorzeSa, { name: 'Vorze Something' })).rejects.toThrow('is not a Vorze device');
  });

  it.each([
    ['CycSA', '01'],
    ['UFOSA', '02'],
  ])('turns the %s both ways', async (name, kind) => {
    const driver = await openProtocol(vorzeSa, { name });
    driver.drive(0, 'Rotate', 50);
    driver.drive(0, 'Rotate', -99);
    driver.stop();
    expect(driver.link.take()).toEqual([`tx!: ${kind} 01 b2`, `tx!: ${kind} 01 63`, `tx!: ${kind} 01 80`]);
  });

  it('sends both rotators of the UFO TW in each packet', async () => {
    const driver = await openProtocol(vorzeSa, { name: 'UFO-TW' });
    expect(driver.drive(0, 'Rotate', 50)).toEqual(['05 b2 80']);
    expect(driver.drive(0, 'Rotate', -99)).toEqual(['05 63 80']);
    expect(driver.drive(1, 'Rotate', 25)).toEqual(['05 63 99']);
    expect(driver.drive(0, 'Rotate', 25)).toEqual(['05 99 99']);
    expect(driver.stop().at(-1)).toBe('05 80 80');
    expect(driver.order(1, 'Rotate', 1).map(({ slot }) => slot)).toEqual(['device']);
  });

  it.each([
    ['Bach smart', 0, 50, '06 03 32'],
    ['ROCKET', 0, 0, '07 03 00'],
    ['OMORFI', 1, 99, '09 00 63'],
    ['OMOR', 0, 1, '09 01 00'],
  ])('vibrates the %s', async (name, feature, level, bytes) => {
    const driver = await openProtocol(vorzeSa, { name });
    expect(driver.drive(feature, 'Vibrate', level)).toEqual([bytes]);
  });

  it('turns the time of a piston move into a speed, from where the last one went', async () => {
    const driver = await openProtocol(vorzeSa, { name: 'VorzePiston' });
    const move = (position: number, duration: number) => driver.drive(0, 'HwPositionWithDuration', position, duration);
    expect(move(99, 500)).toEqual(['03 63 09']);
    expect(move(0, 1000)).toEqual(['03 00 04']);
    expect(move(99, 100)).toEqual(['03 63 44']);
    await driver.clock.advance(1000);
    expect(move(99, 100)).toEqual(['03 63 64']);
    expect(move(0, 0)).toEqual(['03 00 64']);
    expect(move(10, 1000)).toEqual(['03 0a 00']);
  });

  it('does not hurry a piston whose slow move is ordered again', async () => {
    const driver = await openProtocol(vorzeSa, { name: 'VorzePiston' });
    const move = (duration: number) => driver.drive(0, 'HwPositionWithDuration', 200, duration);
    expect(move(1000)).toEqual(['03 c8 09']);
    await driver.clock.advance(500);
    expect(move(500)).toEqual(['03 c8 0a']);
  });

  it('drives its simulated firmware', async () => {
    await expectFirmwareFollows(vorzeSa, vorzeSaFirmware, { unlisted: null });
    const { toy, firmware } = await openSimulated(vorzeSa, vorzeSaFirmware, 'CycSA');
    for (const junk of [[], [0x01], [0x01, 0x01], [0x02, 0x01, 0x99], [0x01, 0x03, 0x99]]) {
      firmware.write('tx', Uint8Array.from(junk));
    }
    expect(toy.level(0, 'Rotate')).toBe(0);
  });
});
