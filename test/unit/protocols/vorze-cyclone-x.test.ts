import { describe, expect, it } from 'vitest';
import { vorzeCycloneXFirmware } from '../../../plugins/hardware-simulated/firmware/vorze-cyclone-x.js';
import { vorzeCycloneX } from '../../../plugins/protocols/vorze-cyclone-x.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const packet = (changing: string) => `00 3c 30 31 35 32 ${changing} 30 01 02 03 68 3e`;

describe('vorze-cyclone-x', () => {
  it('is not certain to do what it is told', () => {
    expect(vorzeCycloneX.status).toBe('unverified');
  });

  it('writes speed and direction as digits', async () => {
    const driver = await openProtocol(vorzeCycloneX, { name: 'STM32 Custom HID' });
    expect(driver.link.kind).toBe('hid');
    expect(driver.model.name).toBe('Vorze Cyclone X10 Device');
    expect(driver.drive(0, 'Rotate', 10)).toEqual([packet('30 3a 30 30')]);
    expect(driver.drive(0, 'Rotate', -3)).toEqual([packet('30 33 30 31')]);
    expect(driver.stop()).toEqual([packet('30 30 30 30')]);
    expect(driver.order(0, 'Rotate', 1)).toMatchObject([{ slot: 0, withResponse: false }]);
  });

  it('drives the simulated device', async () => {
    await expectFirmwareFollows(vorzeCycloneX, vorzeCycloneXFirmware);
    const { firmware, toy } = await openSimulated(vorzeCycloneX, vorzeCycloneXFirmware, 'unlisted');
    firmware.write('tx', fromHex(packet('30 35 30 30')));
    expect(toy.level(0, 'Rotate')).toBe(5);
    firmware.write('tx', fromHex(packet('31 35 30 30')));
    expect(toy.level(0, 'Rotate'), 'paused').toBe(0);
    for (const junk of ['', packet('30 35 30'), packet('30 3b 30 30'), packet('30 35 31 30'), packet('30 35 30 32')]) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.level(0, 'Rotate')).toBe(0);
  });
});
