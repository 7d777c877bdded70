import { describe, expect, it, vi } from 'vitest';
import { cupidoFirmware } from '../../../plugins/hardware-simulated/firmware/cupido.js';
import { cupido } from '../../../plugins/protocols/cupido.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('cupido', () => {
  it('vibrates', async () => {
    const driver = await openProtocol(cupido, { name: 'MY2607-BLE-V1.0' });
    expect(driver.model.name).toBe('Cupido Device');
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['b0 03 00 00 00 80 aa']);
    expect(driver.drive(0, 'Vibrate', 192)).toEqual(['b0 03 00 00 00 c0 aa']);
    expect(driver.stop()).toEqual(['b0 03 00 00 00 00 aa']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(cupido, cupidoFirmware));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(cupido, cupidoFirmware, '');
    const set = vi.spyOn(toy, 'set');
    for (const junk of [
      '',
      'b0 03 00 00 00 80',
      'b0 03 00 00 00 80 ab',
      'b0 03 00 00 01 80 aa',
      'b0 01 00 00 01 80',
      'b0 03 00 00 00 80 aa aa',
    ])
      firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('b0 03 00 00 00 80 aa aa'));
    expect(set).not.toHaveBeenCalled();
  });
});
