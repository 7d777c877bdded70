import { describe, expect, it } from 'vitest';
import { xuanhuanFirmware } from '../../../plugins/hardware-simulated/firmware/xuanhuan.js';
import { xuanhuan } from '../../../plugins/protocols/xuanhuan.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const open = () => openProtocol(xuanhuan, { name: 'QUXIN' });

describe('xuanhuan', () => {
  it('sends a level once and repeats it every 300 ms', async () => {
    const driver = await open();
    expect(driver.link.take()).toEqual([]);
    expect(driver.order(0, 'Vibrate', 5)).toMatchObject([{ slot: 'device', withResponse: true }]);
    driver.drive(0, 'Vibrate', 5);
    await driver.clock.advance(299);
    expect(driver.link.take()).toEqual(['tx!: 03 02 00 05']);
    await driver.clock.advance(301);
    expect(driver.link.take()).toEqual(['tx!: 03 02 00 05', 'tx!: 03 02 00 05']);
    driver.drive(0, 'Vibrate', 1);
    await driver.clock.advance(300);
    expect(driver.link.take()).toEqual(['tx!: 03 02 00 01', 'tx!: 03 02 00 01']);
  });

  it('sends a stop once', async () => {
    const driver = await open();
    driver.drive(0, 'Vibrate', 5);
    driver.link.take();
    expect(driver.stop()).toEqual(['03 02 00 00']);
    await driver.clock.advance(1000);
    expect(driver.link.take()).toEqual(['tx!: 03 02 00 00']);
    expect(driver.clock.waiting).toBe(0);
  });

  it('repeats nothing when the device is gone, or when it is stopped after it took no writes', async () => {
    const gone = await open();
    gone.drive(0, 'Vibrate', 5);
    gone.close();
    expect(gone.clock.waiting).toBe(0);

    const failing = await open();
    failing.drive(0, 'Vibrate', 5);
    failing.link.failing = true;
    await failing.clock.advance(900);
    failing.link.failing = false;
    failing.drive(0, 'Vibrate', 0);
    failing.link.take();
    await failing.clock.advance(900);
    expect(failing.link.take()).toEqual([]);
    expect(failing.clock.waiting).toBe(0);
  });

  it('drives the simulated toy', async () => {
    await expectFirmwareFollows(xuanhuan, xuanhuanFirmware);
    const { firmware, toy } = await openSimulated(xuanhuan, xuanhuanFirmware, 'unlisted');
    for (const junk of ['', '03 02 00', '03 02 00 0b', '03 02 01 05']) firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
