import { describe, expect, it } from 'vitest';
import { youcupsFirmware } from '../../../plugins/hardware-simulated/firmware/youcups.js';
import { youcups } from '../../../plugins/protocols/youcups.js';
import { asText, expectFirmwareFollows, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('youcups', () => {
  it('speaks text', async () => {
    const driver = await openProtocol(youcups, { name: 'Youcups' });
    expect(driver.model.name).toBe('Youcups Warrior II');
    expect(driver.drive(0, 'Vibrate', 8)).toEqual(['24 53 59 53 2c 38 3f']);
    expect(asText(driver.stop())).toEqual(['$SYS,0?']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, withResponse: false }]);
  });

  it('drives the simulated toy', async () => {
    await expectFirmwareFollows(youcups, youcupsFirmware);
    const { firmware, toy } = await openSimulated(youcups, youcupsFirmware, 'unlisted');
    for (const junk of ['', '$SYS,9?', '$SYS,12?', '$SYS,5', 'SYS,5?']) firmware.write('tx', Buffer.from(junk));
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
