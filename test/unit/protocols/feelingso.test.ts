import { describe, expect, it, vi } from 'vitest';
import { feelingsoFirmware } from '../../../plugins/hardware-simulated/firmware/feelingso.js';
import { feelingso } from '../../../plugins/protocols/feelingso.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('feelingso', () => {
  it('sends both levels in one packet', async () => {
    const driver = await openProtocol(feelingso, { name: 'Flair Feel' });
    expect(driver.model.name).toBe('FeelingSo Flair Feel');
    expect(driver.drive(0, 'Vibrate', 10)).toEqual(['aa 40 03 0a 00 14 19']);
    expect(driver.drive(0, 'Vibrate', 15)).toEqual(['aa 40 03 0f 00 14 19']);
    expect(driver.drive(1, 'Oscillate', 10)).toEqual(['aa 40 03 0f 0a 14 19']);
    expect(driver.stop()).toEqual(['aa 40 03 00 00 14 19']);
    expect(driver.order(1, 'Oscillate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(feelingso, feelingsoFirmware));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(feelingso, feelingsoFirmware, '');
    const set = vi.spyOn(toy, 'set');
    for (const junk of [
      '',
      'aa 40 03 0a 00 14',
      'aa 40 03 14 00 14 19',
      'aa 40 03 00 14 14 19',
      'aa 40 03 0a 00 14 18',
      'aa 40 03 0a 00 14 19 00',
    ])
      firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('aa 40 03 0a 00 14 19 00'));
    expect(set).not.toHaveBeenCalled();
  });
});
