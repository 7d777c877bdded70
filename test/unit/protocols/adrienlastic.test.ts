import { describe, expect, it, vi } from 'vitest';
import { adrienlasticFirmware } from '../../../plugins/hardware-simulated/firmware/adrienlastic.js';
import { adrienlastic } from '../../../plugins/protocols/adrienlastic.js';
import { asText, matchesName, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('adrienlastic', () => {
  it('sends text with two digits', async () => {
    const driver = await openProtocol(adrienlastic, { name: 'LVS-S001' });
    expect(driver.drive(0, 'Vibrate', 8)).toEqual(['4d 6f 74 6f 72 56 61 6c 75 65 3a 30 38 3b']);
    expect(asText(driver.drive(0, 'Vibrate', 2))).toEqual(['MotorValue:02;']);
    expect(asText(driver.drive(0, 'Vibrate', 16))).toEqual(['MotorValue:16;']);
    expect(asText(driver.stop())).toEqual(['MotorValue:00;']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: true }]);
  });

  it.each([
    ['LVS-S001', 'Adrien Lastic Palpitation'],
    ['LVS-S002', 'Adrien Lastic Revelation'],
    ['LVS-S003', 'Adrien Lastic Device'],
  ])('takes %s for %s', async (name, model) => {
    expect((await openProtocol(adrienlastic, { name })).model.name).toBe(model);
  });

  it('is known by a service, for Lovense has toys with the same names', () => {
    expect(matchesName(adrienlastic, 'LVS-S001')).toBe(false);
    expect(adrienlastic.links).toMatchObject([{ advertisedServices: ['00001320-0000-1000-8000-00805f9b34fb'] }]);
  });

  it('drives the simulated toys', async () => {
    const { driver, toy } = await openSimulated(adrienlastic, adrienlasticFirmware, 'LVS-S002');
    for (let level = 16; level >= 0; level -= 1) {
      driver.drive(0, 'Vibrate', level);
      expect(toy.level(0, 'Vibrate')).toBe(level);
    }
  });

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(adrienlastic, adrienlasticFirmware, 'LVS-S001');
    const set = vi.spyOn(toy, 'set');
    for (const junk of ['', 'MotorValue:8;', 'MotorValue:08', 'MotorValue:17;', 'MotorValue:-1;', 'Vibrate:08;']) {
      firmware.write('tx', Buffer.from(junk));
    }
    firmware.write('rx', Buffer.from('MotorValue:08;'));
    expect(set).not.toHaveBeenCalled();
  });
});
