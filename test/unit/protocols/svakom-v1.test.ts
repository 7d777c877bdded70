import { describe, expect, it, vi } from 'vitest';
import { svakomV1Firmware } from '../../../plugins/hardware-simulated/firmware/svakom-v1.js';
import { svakomV1 } from '../../../plugins/protocols/svakom-v1.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-v1', () => {
  it('says that the motor is on, and how fast', async () => {
    const driver = await openProtocol(svakomV1, { name: 'Phoenix NEO' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 10)).toEqual(['55 04 03 00 01 0a']);
    expect(driver.drive(0, 'Vibrate', 15)).toEqual(['55 04 03 00 01 0f']);
    expect(driver.stop()).toEqual(['55 04 03 00 00 00']);
  });

  it('drives its simulated toys', () => expectFirmwareFollows(svakomV1, svakomV1Firmware, { unlisted: 'Aogu SUV' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomV1, svakomV1Firmware, 'Emma NEO');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 04 03 00 01',
      '55 04 03 00 00 0a',
      '55 04 03 00 01 00',
      '55 04 03 00 01 14',
      '55 03 03 00 01 0a',
      '55 04 00 00 01 0a',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 04 03 00 01 0a'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 04 03 00 01 0a'));
    expect(set).toHaveBeenCalled();
  });
});
