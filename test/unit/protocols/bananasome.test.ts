import { describe, expect, it, vi } from 'vitest';
import { bananasomeFirmware } from '../../../plugins/hardware-simulated/firmware/bananasome.js';
import { bananasome } from '../../../plugins/protocols/bananasome.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('bananasome', () => {
  it('sends all three levels in one packet', async () => {
    const driver = await openProtocol(bananasome, { name: '火箭X7' });
    expect(driver.model.name).toBe('Bananasome Rocket X7');
    expect(driver.drive(1, 'Vibrate', 128)).toEqual(['a0 03 00 80 00']);
    expect(driver.drive(2, 'Vibrate', 128)).toEqual(['a0 03 00 80 80']);
    expect(driver.drive(0, 'Oscillate', 192)).toEqual(['a0 03 c0 80 80']);
    expect(driver.stop()).toEqual(['a0 03 00 00 00']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(bananasome, bananasomeFirmware));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(bananasome, bananasomeFirmware, '');
    const set = vi.spyOn(toy, 'set');
    for (const junk of ['', 'a0 03 00 80', 'a1 03 00 80 80', 'a0 04 00 80 80', 'a0 03 00 80 80 00'])
      firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('a0 03 00 80 80 00'));
    expect(set).not.toHaveBeenCalled();
  });
});
