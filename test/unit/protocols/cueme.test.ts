import { describe, expect, it, vi } from 'vitest';
import { cuemeFirmware } from '../../../plugins/hardware-simulated/firmware/cueme.js';
import { cueme } from '../../../plugins/protocols/cueme.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('cueme', () => {
  it('has a byte for each motor: its number and its level', async () => {
    const driver = await openProtocol(cueme, { name: 'FUNCODE_EBD8A0CFE5E0_1' });
    expect(driver.drive(0, 'Vibrate', 15)).toEqual(['1f']);
    expect(driver.drive(2, 'Vibrate', 8)).toEqual(['38']);
    expect(driver.drive(7, 'Vibrate', 0)).toEqual(['80']);
    expect(driver.stop()).toEqual(['10', '20', '30', '40', '50', '60', '70', '80']);
    expect(driver.order(3, 'Vibrate', 1)).toMatchObject([{ slot: 3, endpoint: 'tx', withResponse: false }]);
  });

  it.each([
    ['FUNCODE_EBD8A0CFE5E0_1', 'Cueme Mens', 8],
    ['FUNCODE_EBD8A0CFE5E0_2', 'Cueme Bra', 8],
    ['FUNCODE_EBD8A0CFE5E0_3', 'Cueme Womans', 4],
    ['FUNCODE_EBD8A0CFE5E0_4', 'Cueme Device', 8],
    ['FUNCODE_', 'Cueme Device', 8],
  ])('takes %s for %s', async (name, model, motors) => {
    const driver = await openProtocol(cueme, { name });
    expect(driver.model.name).toBe(model);
    expect(driver.model.features).toHaveLength(motors);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(cueme, cuemeFirmware));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(cueme, cuemeFirmware, '3');
    const set = vi.spyOn(toy, 'set');
    for (const junk of ['', '0f', '5f', '8f', '1f 1f']) firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('1f 1f'));
    expect(set).not.toHaveBeenCalled();
  });
});
