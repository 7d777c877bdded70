import { features, otherwise, vibrate } from 'pulsegate/plugin';
import { describe, expect, it, vi } from 'vitest';
import { svakomAvaneoFirmware } from '../../../plugins/hardware-simulated/firmware/svakom-avaneo.js';
import { svakomAvaneo } from '../../../plugins/protocols/svakom-avaneo.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-avaneo', () => {
  it('has a packet for each motor', async () => {
    const driver = await openProtocol(svakomAvaneo, { name: 'Ava Neo' });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 00 00 01 05']);
    expect(driver.drive(1, 'Oscillate', 1)).toEqual(['55 08 00 00 01 ff']);
    expect(driver.drive(1, 'Oscillate', 0)).toEqual(['55 08 00 00 00 ff']);
    expect(driver.drive(0, 'Vibrate', 10)).toEqual(['55 03 00 00 01 0a']);
    expect(driver.stop()).toEqual(['55 03 00 00 00 00', '55 08 00 00 00 ff']);
  });

  it('gives each motor a slot of its own', async () => {
    const driver = await openProtocol(svakomAvaneo, { name: 'Ava Neo' });
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.order(1, 'Oscillate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it('has a packet for second vibrators, should somebody add such a model', async () => {
    const added = otherwise('Added', features(vibrate(10), vibrate(1)));
    const driver = await openProtocol({ ...svakomAvaneo, models: [added] }, { name: 'Ava Neo' });
    expect(driver.drive(1, 'Vibrate', 1)).toEqual(['55 09 00 00 01 ff']);
  });

  it('drives its simulated toy', () =>
    expectFirmwareFollows(svakomAvaneo, svakomAvaneoFirmware, { unlisted: 'Ava Neo' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomAvaneo, svakomAvaneoFirmware, 'Ava Neo');
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '55 03 00 00 01',
      '54 03 00 00 01 05',
      '55 03 03 00 01 05',
      '55 03 00 01 01 05',
      '55 03 00 00 00 05',
      '55 03 00 00 01 0b',
      '55 08 00 00 01 00',
      '55 08 00 00 02 ff',
      '55 09 00 00 01 ff',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('55 03 00 00 01 05'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('55 03 00 00 01 05'));
    expect(set).toHaveBeenCalled();
  });
});
