import { describe, expect, it, vi } from 'vitest';
import { svakomPulseFirmware } from '../../../plugins/hardware-simulated/firmware/svakom-pulse.js';
import { svakomPulse } from '../../../plugins/protocols/svakom-pulse.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-pulse', () => {
  it('counts its speeds from 1, and stops with speed 1', async () => {
    const driver = await openProtocol(svakomPulse, { name: 'SX033A' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 03 00 01 06']);
    expect(driver.drive(0, 'Vibrate', 7)).toEqual(['55 03 03 00 01 08']);
    expect(driver.drive(0, 'Vibrate', 9)).toEqual(['55 03 03 00 01 0a']);
    expect(driver.stop()).toEqual(['55 03 03 00 00 01']);
  });

  it('drives its simulated toys', () => expectFirmwareFollows(svakomPulse, svakomPulseFirmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomPulse, svakomPulseFirmware, 'BX288A');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 03 00 01',
      '55 03 03 00 00 00',
      '55 03 03 00 01 01',
      '55 03 03 00 00 06',
      '55 03 03 00 01 0b',
      '55 03 00 00 01 06',
      '55 04 03 00 01 06',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 03 00 01 06'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 03 00 01 06'));
    expect(set).toHaveBeenCalled();
  });
});
