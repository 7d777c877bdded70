import { describe, expect, it, vi } from 'vitest';
import { foxFirmware } from '../../../plugins/hardware-simulated/firmware/fox.js';
import { fox } from '../../../plugins/protocols/fox.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('fox', () => {
  it('vibrates', async () => {
    const driver = await openProtocol(fox, { name: 'FoxM70Pro' });
    expect(driver.model.name).toBe('Fox Device');
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 2)).toEqual(['03 01 01 fe 02']);
    expect(driver.drive(0, 'Vibrate', 3)).toEqual(['03 01 01 fe 03']);
    expect(driver.stop()).toEqual(['03 01 01 fe 00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(fox, foxFirmware));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(fox, foxFirmware, '');
    const set = vi.spyOn(toy, 'set');
    for (const junk of ['', '03 01 01 fe', '03 01 01 fe 04', '03 01 01 ff 02', '03 01 01 fe 02 00'])
      firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('03 01 01 fe 02 00'));
    expect(set).not.toHaveBeenCalled();
  });
});
