import { describe, expect, it, vi } from 'vitest';
import { cachitoFirmware } from '../../../plugins/hardware-simulated/firmware/cachito.js';
import { cachito } from '../../../plugins/protocols/cachito.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('cachito', () => {
  it('has a packet for each motor', async () => {
    const driver = await openProtocol(cachito, { name: 'CCTSK' });
    expect(driver.model.name).toBe('Cachito Lure Tao');
    expect(driver.drive(0, 'Vibrate', 3)).toEqual(['02 01 03 00']);
    expect(driver.drive(0, 'Vibrate', 1)).toEqual(['02 01 01 00']);
    expect(driver.drive(1, 'Vibrate', 50)).toEqual(['03 02 32 00']);
    expect(driver.stop()).toEqual(['02 01 00 00', '03 02 00 00']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(cachito, cachitoFirmware, { unlisted: null }));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(cachito, cachitoFirmware, 'CCTXueGao');
    const set = vi.spyOn(toy, 'set');
    for (const junk of ['', '02 01 03', '02 02 03 00', '02 01 06 00', '03 02 65 00', '02 01 03 01', '02 01 03 00 00'])
      firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('02 01 03 00 00'));
    expect(set).not.toHaveBeenCalled();
  });
});
