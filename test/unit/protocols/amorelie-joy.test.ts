import { describe, expect, it, vi } from 'vitest';
import { amorelieJoyFirmware } from '../../../plugins/hardware-simulated/firmware/amorelie-joy.js';
import { amorelieJoy } from '../../../plugins/protocols/amorelie-joy.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('amorelie-joy', () => {
  it('greets the toy and vibrates', async () => {
    const driver = await openProtocol(amorelieJoy, { name: '4D05' });
    expect(driver.model.name).toBe('Amorelie Joy Cha-Cha');
    expect(driver.link.take()).toEqual(['tx: 03']);
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['01 01 32']);
    expect(driver.drive(0, 'Vibrate', 100)).toEqual(['01 01 64']);
    expect(driver.stop()).toEqual(['01 01 00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('takes names without a model for the default', async () => {
    expect((await openProtocol(amorelieJoy, { name: '4D09' })).model.name).toBe('Amorelie Joy Device');
  });

  it('drives the simulated toys', () => expectFirmwareFollows(amorelieJoy, amorelieJoyFirmware, { unlisted: '4D08' }));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(amorelieJoy, amorelieJoyFirmware, '4D01');
    const set = vi.spyOn(toy, 'set');
    for (const junk of ['', '01', '01 01', '01 02 32', '01 01 65', '01 01 32 00']) firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('01 01 32 00'));
    expect(set).not.toHaveBeenCalled();
  });
});
