import { describe, expect, it, vi } from 'vitest';
import { svakomSam2Firmware } from '../../../plugins/hardware-simulated/firmware/svakom-sam2.js';
import { svakomSam2 } from '../../../plugins/protocols/svakom-sam2.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-sam2', () => {
  it('has a packet for each motor', async () => {
    const driver = await openProtocol(svakomSam2, { name: 'Sam Neo 2 Pro' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 00 00 05 05 00']);
    expect(driver.drive(0, 'Vibrate', 8)).toEqual(['55 03 00 00 05 08 00']);
    expect(driver.drive(1, 'Constrict', 3)).toEqual(['55 09 00 00 01 03 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00 00', '55 09 00 00 00 00 00']);
  });

  it('gives each motor a slot of its own', async () => {
    const driver = await openProtocol(svakomSam2, { name: 'Sam Neo 2' });
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: true }]);
    expect(driver.order(1, 'Constrict', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: true }]);
  });

  it('drives its simulated toys', () => expectFirmwareFollows(svakomSam2, svakomSam2Firmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomSam2, svakomSam2Firmware, 'Sam Neo 2');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 00 00 05 05',
      '55 03 00 00 01 05 00',
      '55 03 00 00 00 05 00',
      '55 03 03 00 05 05 00',
      '55 03 00 00 05 0b 00',
      '55 09 00 00 05 03 00',
      '55 09 00 00 01 06 00',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 00 00 05 05 00'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 00 00 05 05 00'));
    expect(set).toHaveBeenCalled();
  });
});
