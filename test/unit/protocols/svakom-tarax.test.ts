import { describe, expect, it, vi } from 'vitest';
import { svakomTaraxFirmware } from '../../../plugins/hardware-simulated/firmware/svakom-tarax.js';
import { svakomTarax } from '../../../plugins/protocols/svakom-tarax.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-tarax', () => {
  it('has a packet of its own for stopping the vibrator', async () => {
    const driver = await openProtocol(svakomTarax, { name: 'SX218A' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 2)).toEqual(['55 03 00 00 02 02']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['55 03 00 00 01 01']);
    expect(driver.drive(1, 'Vibrate', 3)).toEqual(['55 09 00 00 03 00']);
    expect(driver.drive(1, 'Vibrate', 0)).toEqual(['55 09 00 00 00 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 01 01', '55 09 00 00 00 00']);
  });

  it('gives each motor a slot of its own', async () => {
    const driver = await openProtocol(svakomTarax, { name: 'SX218A' });
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it('drives its simulated toy', () => expectFirmwareFollows(svakomTarax, svakomTaraxFirmware, { unlisted: 'SX218A' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomTarax, svakomTaraxFirmware, 'SX218A');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 00 00 02',
      '55 03 00 00 00 00',
      '55 03 00 00 00 02',
      '55 03 00 00 04 02',
      '55 03 00 00 02 01',
      '55 03 01 00 02 02',
      '55 09 00 00 04 00',
      '55 09 00 00 01 01',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 00 00 02 02'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 00 00 02 02'));
    expect(set).toHaveBeenCalled();
  });
});
