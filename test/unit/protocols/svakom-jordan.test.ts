import { describe, expect, it, vi } from 'vitest';
import { svakomJordanFirmware } from '../../../plugins/hardware-simulated/firmware/svakom-jordan.js';
import { svakomJordan } from '../../../plugins/protocols/svakom-jordan.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-jordan', () => {
  it('has a packet for each motor', async () => {
    const driver = await openProtocol(svakomJordan, { name: 'Jordan' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 00 00 01 05 00']);
    expect(driver.drive(1, 'Oscillate', 3)).toEqual(['55 08 00 00 01 03 00']);
    expect(driver.drive(1, 'Oscillate', 0)).toEqual(['55 08 00 00 00 00 00']);
    expect(driver.drive(0, 'Vibrate', 10)).toEqual(['55 03 00 00 01 0a 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00 00', '55 08 00 00 00 00 00']);
  });

  it('gives each motor a slot of its own', async () => {
    const driver = await openProtocol(svakomJordan, { name: 'Jordan' });
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.order(1, 'Oscillate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it('drives its simulated toy', () =>
    expectFirmwareFollows(svakomJordan, svakomJordanFirmware, { unlisted: 'Jordan' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomJordan, svakomJordanFirmware, 'Jordan');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 00 00 01 05',
      '55 03 00 00 01 05 01',
      '55 03 00 00 00 05 00',
      '55 03 00 00 01 0b 00',
      '55 03 03 00 01 05 00',
      '55 08 00 00 01 06 00',
      '55 09 00 00 01 05 00',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 00 00 01 05 00'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 00 00 01 05 00'));
    expect(set).toHaveBeenCalled();
  });
});
