import { describe, expect, it, vi } from 'vitest';
import { svakomAlexV2Firmware } from '../../../plugins/hardware-simulated/firmware/svakom-alex-v2.js';
import { svakomAlexV2 } from '../../../plugins/protocols/svakom-alex-v2.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-alex-v2', () => {
  it('sends the level, and the level plus five', async () => {
    const driver = await openProtocol(svakomAlexV2, { name: 'S63E Alex NEO 2' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 2)).toEqual(['55 03 03 00 02 07']);
    expect(driver.drive(0, 'Vibrate', 3)).toEqual(['55 03 03 00 03 08']);
    expect(driver.stop()).toEqual(['55 03 03 00 00 05']);
  });

  it('drives its simulated toy', () =>
    expectFirmwareFollows(svakomAlexV2, svakomAlexV2Firmware, { unlisted: 'Alex NEO 2' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomAlexV2, svakomAlexV2Firmware, 'Alex NEO 2');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 03 00 02',
      '55 03 03 00 02 02',
      '55 03 03 00 04 09',
      '55 03 00 00 02 07',
      '55 04 03 00 02 07',
      '55 03 03 00 02 07 00',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 03 00 02 07'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 03 00 02 07'));
    expect(set).toHaveBeenCalled();
  });
});
