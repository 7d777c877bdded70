import { describe, expect, it, vi } from 'vitest';
import { svakomSuitcaseFirmware } from '../../../plugins/hardware-simulated/firmware/svakom-suitcase.js';
import { svakomSuitcase } from '../../../plugins/protocols/svakom-suitcase.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-suitcase', () => {
  it('spreads the speeds over three bands', async () => {
    const driver = await openProtocol(svakomSuitcase, { name: 'VX357A-BLE-V1.0' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 1)).toEqual(['55 03 00 00 01 01']);
    expect(driver.drive(0, 'Vibrate', 10)).toEqual(['55 03 00 00 01 0a']);
    expect(driver.drive(0, 'Vibrate', 11)).toEqual(['55 03 00 00 02 01']);
    expect(driver.drive(0, 'Vibrate', 20)).toEqual(['55 03 00 00 02 0a']);
    expect(driver.drive(0, 'Vibrate', 21)).toEqual(['55 03 00 00 03 01']);
    expect(driver.drive(0, 'Vibrate', 30)).toEqual(['55 03 00 00 03 0a']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['55 03 00 00 00 00']);
    expect(driver.drive(1, 'Vibrate', 1)).toEqual(['55 09 00 00 01 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00', '55 09 00 00 00 00']);
  });

  it('gives each motor a slot of its own', async () => {
    const driver = await openProtocol(svakomSuitcase, { name: 'VX236A-BLE-V1.0' });
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it('drives its simulated toys', () =>
    expectFirmwareFollows(svakomSuitcase, svakomSuitcaseFirmware, { unlisted: 'VX357A-BLE-V1.0' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomSuitcase, svakomSuitcaseFirmware, 'VX236A-BLE-V1.0');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 00 00 02',
      '55 03 00 00 00 01',
      '55 03 00 00 02 00',
      '55 03 00 00 04 01',
      '55 03 00 00 02 0b',
      '55 03 01 00 02 01',
      '55 09 00 00 02 00',
      '55 09 00 00 01 01',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 00 00 02 01'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 00 00 02 01'));
    expect(set).toHaveBeenCalled();
  });
});
