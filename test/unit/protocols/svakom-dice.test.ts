import { describe, expect, it, vi } from 'vitest';
import { svakomDiceFirmware } from '../../../plugins/hardware-simulated/firmware/svakom-dice.js';
import { svakomDice } from '../../../plugins/protocols/svakom-dice.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-dice', () => {
  it('sends the level between constants', async () => {
    const driver = await openProtocol(svakomDice, { name: 'ZhiAi' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['55 04 00 00 01 80 aa']);
    expect(driver.drive(0, 'Vibrate', 255)).toEqual(['55 04 00 00 01 ff aa']);
    expect(driver.stop()).toEqual(['55 04 00 00 01 00 aa']);
  });

  it('drives its simulated toy', () => expectFirmwareFollows(svakomDice, svakomDiceFirmware, { unlisted: 'ZhiAi' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomDice, svakomDiceFirmware, 'ZhiAi');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 04 00 00 01 80',
      '55 04 00 00 01 80 ab',
      '55 04 00 00 00 80 aa',
      '55 04 01 00 01 80 aa',
      '55 04 00 01 01 80 aa',
      '55 03 00 00 01 80 aa',
      '54 04 00 00 01 80 aa',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 04 00 00 01 80 aa'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 04 00 00 01 80 aa'));
    expect(set).toHaveBeenCalled();
  });
});
