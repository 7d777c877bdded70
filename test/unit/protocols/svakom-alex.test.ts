import { describe, expect, it, vi } from 'vitest';
import { svakomAlexFirmware } from '../../../plugins/hardware-simulated/firmware/svakom-alex.js';
import { svakomAlex } from '../../../plugins/protocols/svakom-alex.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-alex', () => {
  it('has a code for off instead of a level', async () => {
    const driver = await openProtocol(svakomAlex, { name: 'S63E Alex NEO' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 2)).toEqual(['12 01 03 00 02 00']);
    expect(driver.drive(0, 'Vibrate', 3)).toEqual(['12 01 03 00 03 00']);
    expect(driver.stop()).toEqual(['12 01 03 00 ff 00']);
  });

  it('drives its simulated toy', () => expectFirmwareFollows(svakomAlex, svakomAlexFirmware, { unlisted: 'Alex NEO' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomAlex, svakomAlexFirmware, 'Alex NEO');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '12 01 03 00 02',
      '12 01 03 00 02 00 00',
      '13 01 03 00 02 00',
      '12 02 03 00 02 00',
      '12 01 00 00 02 00',
      '12 01 03 01 02 00',
      '12 01 03 00 02 01',
      '12 01 03 00 00 00',
      '12 01 03 00 04 00',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('12 01 03 00 02 00'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('12 01 03 00 02 00'));
    expect(set).toHaveBeenCalled();
  });
});
