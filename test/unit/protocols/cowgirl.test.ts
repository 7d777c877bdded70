import { describe, expect, it, vi } from 'vitest';
import { cowgirlFirmware } from '../../../plugins/hardware-simulated/firmware/cowgirl.js';
import { cowgirl } from '../../../plugins/protocols/cowgirl.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('cowgirl', () => {
  it('sends both levels in one packet', async () => {
    const driver = await openProtocol(cowgirl, { name: 'THE UNICORN' });
    expect(driver.model.name).toBe('The Unicorn');
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['00 01 80 00']);
    expect(driver.drive(0, 'Vibrate', 192)).toEqual(['00 01 c0 00']);
    expect(driver.drive(1, 'Rotate', 128)).toEqual(['00 01 c0 80']);
    expect(driver.stop()).toEqual(['00 01 00 00']);
    expect(driver.order(1, 'Rotate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: true }]);
  });

  it('takes the magnitude of a negative speed', async () => {
    const driver = await openProtocol(cowgirl, { name: 'THE COWGIRL' });
    expect(driver.drive(1, 'Rotate', -5)).toEqual(['00 01 00 05']);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(cowgirl, cowgirlFirmware, { unlisted: null }));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(cowgirl, cowgirlFirmware, 'THE COWGIRL');
    const set = vi.spyOn(toy, 'set');
    for (const junk of ['', '00 01 80', '01 01 80 80', '00 02 80 80', '00 01 80 80 00'])
      firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('00 01 80 80 00'));
    expect(set).not.toHaveBeenCalled();
  });

  it('has simulated toys that stop with the pattern off', async () => {
    const { driver, firmware, toy } = await openSimulated(cowgirl, cowgirlFirmware, 'THE COWGIRL');
    driver.drive(0, 'Vibrate', 80);
    driver.drive(1, 'Rotate', 80);
    firmware.write('tx', fromHex('00 00 50 50'));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Rotate')]).toEqual([0, 0]);
  });
});
