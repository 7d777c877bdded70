import { describe, expect, it } from 'vitest';
import { kiirooV21Firmware } from '../../../plugins/hardware-simulated/firmware/kiiroo-v21.js';
import { kiirooV21 } from '../../../plugins/protocols/kiiroo-v21.js';
import { expectFirmwareFollows, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('kiiroo-v21', () => {
  it('knows its models by name and sends nothing to prepare them', async () => {
    const driver = await openProtocol(kiirooV21, { name: 'Pearl 2+' });
    expect(driver.model.name).toBe('Kiiroo Pearl 2+');
    expect(driver.link.take()).toEqual([]);
  });

  it('vibrates without asking for a response', async () => {
    const driver = await openProtocol(kiirooV21, { name: 'Cliona' });
    driver.drive(0, 'Vibrate', 50);
    driver.drive(0, 'Vibrate', 0);
    expect(driver.link.take()).toEqual(['tx: 01 32', 'tx: 01 00']);
  });

  it('turns the time of a stroke into a speed, from where the last one went', async () => {
    const driver = await openProtocol(kiirooV21, { name: 'Titan1.1' });
    const move = (position: number, duration: number) => driver.drive(1, 'HwPositionWithDuration', position, duration);
    expect(move(99, 500)).toEqual(['03 00 28 63']);
    expect(move(49, 500)).toEqual(['03 00 13 31']);
    expect(move(49, 500)).toEqual(['03 00 00 31']);
    expect(move(49, 0)).toEqual(['03 00 00 31']);
  });

  it('never goes beyond speed 99', async () => {
    for (const duration of [200, 86, 0]) {
      const driver = await openProtocol(kiirooV21, { name: 'Titan1.1' });
      expect(driver.drive(1, 'HwPositionWithDuration', 99, duration)).toEqual(['03 00 63 63']);
    }
  });

  it('has a slot for each feature', async () => {
    const driver = await openProtocol(kiirooV21, { name: 'Titan1.1' });
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
    expect(driver.order(1, 'HwPositionWithDuration', 1, 100).map(({ slot }) => slot)).toEqual([1]);
  });

  it('reads the battery from the sixth byte of the status', async () => {
    const status = `00 00 00 00 00 4b ${'00 '.repeat(14)}`;
    const driver = await openProtocol(kiirooV21, { name: 'Pearl2.1', reads: { whitelist: status } });
    await expect(driver.read(1, 'Battery')).resolves.toBe(75);

    const short = await openProtocol(kiirooV21, { name: 'Pearl2.1', reads: { whitelist: '00 00 00 00 00 4b' } });
    await expect(short.read(1, 'Battery')).rejects.toThrow('6 bytes instead of 20');
  });

  it('drives its simulated firmware', async () => {
    await expectFirmwareFollows(kiirooV21, kiirooV21Firmware, { unlisted: null });
    const { driver, toy, firmware } = await openSimulated(kiirooV21, kiirooV21Firmware, 'Pearl2.1');
    await expect(driver.read(1, 'Battery')).resolves.toBe(toy.battery);
    firmware.write('tx', Uint8Array.of(0x01));
    firmware.write('tx', Uint8Array.of(0x03, 0x00));
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
