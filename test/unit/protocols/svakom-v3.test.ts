import { describe, expect, it, vi } from 'vitest';
import { svakomV3Firmware } from '../../../plugins/hardware-simulated/firmware/svakom-v3.js';
import { svakomV3 } from '../../../plugins/protocols/svakom-v3.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-v3', () => {
  it('turns and vibrates a cup', async () => {
    const driver = await openProtocol(svakomV3, { name: 'FK008A' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 03 00 01 05']);
    expect(driver.drive(0, 'Vibrate', 8)).toEqual(['55 03 03 00 01 08']);
    expect(driver.drive(1, 'Rotate', 1)).toEqual(['55 08 00 00 01 ff']);
    expect(driver.stop()).toEqual(['55 03 03 00 00 00', '55 08 00 00 00 ff']);
  });

  it('has another packet for a second vibrator', async () => {
    const driver = await openProtocol(svakomV3, { name: 'QH-SX007E' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 03 00 01 05']);
    expect(driver.drive(1, 'Vibrate', 1)).toEqual(['55 09 00 00 01 01']);
    expect(driver.drive(1, 'Vibrate', 0)).toEqual(['55 09 00 00 00 00']);
    expect(driver.stop()).toEqual(['55 03 03 00 00 00', '55 09 00 00 00 00']);
  });

  it('gives each motor a slot of its own', async () => {
    const driver = await openProtocol(svakomV3, { name: 'FK008A' });
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.order(1, 'Rotate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it('drives its simulated toys', () => expectFirmwareFollows(svakomV3, svakomV3Firmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomV3, svakomV3Firmware, 'FK008A');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 03 00 01',
      '55 03 03 00 00 05',
      '55 03 03 00 01 0b',
      '55 03 00 00 01 05',
      '55 08 03 00 01 ff',
      '55 08 00 00 02 ff',
      '55 08 00 00 01 01',
      '55 09 00 00 01 01',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 03 00 01 05'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 03 00 01 05'));
    expect(set).toHaveBeenCalled();
  });
});
