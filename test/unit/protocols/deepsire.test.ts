import { describe, expect, it, vi } from 'vitest';
import { deepsireFirmware } from '../../../plugins/hardware-simulated/firmware/deepsire.js';
import { deepsire } from '../../../plugins/protocols/deepsire.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('deepsire', () => {
  it('vibrates', async () => {
    const driver = await openProtocol(deepsire, { name: 'IMP 3' });
    expect(driver.model.name).toBe('Kuirkish Imp 3');
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['55 04 01 00 00 80 aa']);
    expect(driver.drive(0, 'Vibrate', 255)).toEqual(['55 04 01 00 00 ff aa']);
    expect(driver.stop()).toEqual(['55 04 01 00 00 00 aa']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(deepsire, deepsireFirmware, { unlisted: null }));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(deepsire, deepsireFirmware, 'IMP 3');
    const set = vi.spyOn(toy, 'set');
    for (const junk of [
      '',
      '55 04 01 00 00 80',
      '55 04 01 00 00 80 ab',
      '55 04 00 00 00 80 aa',
      '55 04 01 00 00 80 aa aa',
    ])
      firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('55 04 01 00 00 80 aa aa'));
    expect(set).not.toHaveBeenCalled();
  });
});
