import { describe, expect, it, vi } from 'vitest';
import { activejoyFirmware } from '../../../plugins/hardware-simulated/firmware/activejoy.js';
import { activejoy } from '../../../plugins/protocols/activejoy.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('activejoy', () => {
  it('vibrates', async () => {
    const driver = await openProtocol(activejoy, { name: 'SS-TD-YDTD-001' });
    expect(driver.model.name).toBe('IntoYou Remote Egg Vibrator');
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['b0 01 00 00 01 80']);
    expect(driver.drive(0, 'Vibrate', 192)).toEqual(['b0 01 00 00 01 c0']);
    expect(driver.stop()).toEqual(['b0 01 00 00 00 00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(activejoy, activejoyFirmware));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(activejoy, activejoyFirmware, '');
    const set = vi.spyOn(toy, 'set');
    for (const junk of [
      '',
      'b0',
      'b0 01 00 00 01',
      'b0 05 00 00 01 80',
      'b0 01 01 00 01 80',
      'a0 01 00 00 01 80',
      'b0 01 00 01 01 80',
      'b0 01 00 00 01 80 00',
    ])
      firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('b0 01 00 00 01 80 00'));
    expect(set).not.toHaveBeenCalled();
  });
});
