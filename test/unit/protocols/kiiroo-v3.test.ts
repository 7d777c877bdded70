import { DeviceError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { kiirooV3Firmware } from '../../../plugins/hardware-simulated/firmware/kiiroo-v3.js';
import { kiirooV3 } from '../../../plugins/protocols/kiiroo-v3.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('kiiroo-v3', () => {
  it('sends strokes and nothing before them', async () => {
    const driver = await openProtocol(kiirooV3, { name: 'Keon Wifi' });
    expect(driver.model.name).toBe('Kiiroo Keon');
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'HwPositionWithDuration', 99, 500)).toEqual(['03 00 28 63']);
    expect(driver.drive(0, 'HwPositionWithDuration', 49, 10)).toEqual(['03 00 63 31']);
    expect(driver.stop()).toEqual([]);
  });

  it('has no place to read the battery from', async () => {
    const driver = await openProtocol(kiirooV3, { name: 'KEON WIFI' });
    await expect(driver.read(1, 'Battery')).rejects.toThrow(DeviceError);
    expect(driver.link.take()).toEqual([]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(kiirooV3, kiirooV3Firmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(kiirooV3, kiirooV3Firmware, 'KEON WIFI');
    for (const packet of ['03 00 10', '03 00 64 32', '03 00 10 64', '01 00 10 32'])
      firmware.write('tx', fromHex(packet));
    expect(toy.target(0)).toBeUndefined();
  });
});
