import { describe, expect, it, vi } from 'vitest';
import { anerosFirmware } from '../../../plugins/hardware-simulated/firmware/aneros.js';
import { aneros } from '../../../plugins/protocols/aneros.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('aneros', () => {
  it('has a packet for each motor', async () => {
    const driver = await openProtocol(aneros, { name: 'Massage Demo' });
    expect(driver.model.name).toBe('Aneros Vivi');
    expect(driver.drive(0, 'Vibrate', 64)).toEqual(['f1 40']);
    expect(driver.drive(0, 'Vibrate', 13)).toEqual(['f1 0d']);
    expect(driver.drive(1, 'Vibrate', 64)).toEqual(['f2 40']);
    expect(driver.stop()).toEqual(['f1 00', 'f2 00']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(aneros, anerosFirmware));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(aneros, anerosFirmware, '');
    const set = vi.spyOn(toy, 'set');
    for (const junk of ['', 'f1', 'f4 03', 'f1 80', 'f1 40 00']) firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('f1 40'));
    expect(set).not.toHaveBeenCalled();
  });
});
