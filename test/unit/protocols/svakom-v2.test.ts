import { features, model, vibrate } from 'pulsegate/plugin';
import { describe, expect, it, vi } from 'vitest';
import { svakomV2Firmware } from '../../../plugins/hardware-simulated/firmware/svakom-v2.js';
import { svakomV2 } from '../../../plugins/protocols/svakom-v2.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-v2', () => {
  it('says that the motor is on, and how fast', async () => {
    const driver = await openProtocol(svakomV2, { name: 'Vick Neo' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 03 00 01 05']);
    expect(driver.drive(0, 'Vibrate', 8)).toEqual(['55 03 03 00 01 08']);
    expect(driver.stop()).toEqual(['55 03 03 00 00 00']);
  });

  it('wants a response', async () => {
    const driver = await openProtocol(svakomV2, { name: '118' });
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: true }]);
  });

  it('has a packet for second vibrators, should somebody add such a model', async () => {
    const added = model('Added', 'Added', features(vibrate(10), vibrate(10)));
    const { driver, toy } = await openSimulated({ ...svakomV2, models: [added] }, svakomV2Firmware, 'Added');
    expect(driver.drive(1, 'Vibrate', 4)).toEqual(['55 06 01 00 04 04']);
    expect(toy.level(1, 'Vibrate')).toBe(4);
    expect(driver.stop()).toEqual(['55 03 03 00 00 00', '55 06 01 00 00 00']);
    expect(toy.level(1, 'Vibrate')).toBe(0);
  });

  it('drives its simulated toys', () => expectFirmwareFollows(svakomV2, svakomV2Firmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomV2, svakomV2Firmware, '116');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 03 00 01',
      '55 03 03 00 00 05',
      '55 03 03 00 01 00',
      '55 03 03 00 01 0b',
      '55 03 00 00 01 05',
      '55 06 01 00 01 05',
      '55 06 00 00 05 05',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 03 00 01 05'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 03 00 01 05'));
    expect(set).toHaveBeenCalled();
  });
});
