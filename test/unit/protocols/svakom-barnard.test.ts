import { describe, expect, it, vi } from 'vitest';
import { svakomBarnardFirmware } from '../../../plugins/hardware-simulated/firmware/svakom-barnard.js';
import { svakomBarnard } from '../../../plugins/protocols/svakom-barnard.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-barnard', () => {
  it('has a packet for each motor', async () => {
    const driver = await openProtocol(svakomBarnard, { name: 'DG239A' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 2)).toEqual(['55 03 00 00 02 01']);
    expect(driver.drive(0, 'Vibrate', 3)).toEqual(['55 03 00 00 03 01']);
    expect(driver.drive(1, 'Oscillate', 2)).toEqual(['55 08 00 00 02 ff']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['55 03 00 00 00 00']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00', '55 08 00 00 00 00']);
  });

  it('gives each motor a slot of its own', async () => {
    const driver = await openProtocol(svakomBarnard, { name: 'DG239A' });
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.order(1, 'Oscillate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it('drives its simulated toy', () =>
    expectFirmwareFollows(svakomBarnard, svakomBarnardFirmware, { unlisted: 'DG239A' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomBarnard, svakomBarnardFirmware, 'DG239A');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 00 00 02',
      '55 03 00 00 02 00',
      '55 03 00 00 00 01',
      '55 03 03 00 02 01',
      '55 03 00 00 04 01',
      '55 08 00 00 02 01',
      '55 08 00 00 00 ff',
      '55 09 00 00 01 01',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 00 00 02 01'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 00 00 02 01'));
    expect(set).toHaveBeenCalled();
  });
});
