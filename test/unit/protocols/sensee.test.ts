import { describe, expect, it } from 'vitest';
import { senseeFirmware } from '../../../plugins/hardware-simulated/firmware/sensee.js';
import { sensee } from '../../../plugins/protocols/sensee.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('sensee', () => {
  it('sends the level behind its ten bytes', async () => {
    const driver = await openProtocol(sensee, { name: 'CTY222S4' });
    expect(driver.model.name).toBe('Sensee Diandou Rabbit');
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['55 aa f0 01 01 0b 65 f7 01 01 32']);
    expect(driver.drive(0, 'Vibrate', 75)).toEqual(['55 aa f0 01 01 0b 65 f7 01 01 4b']);
    expect(driver.stop()).toEqual(['55 aa f0 01 01 0b 65 f7 01 01 00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(sensee, senseeFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(sensee, senseeFirmware, '');
    for (const junk of [
      '',
      '55 aa f0 01 01 0b 65 f7 01 01',
      '55 aa f0 01 01 0b 65 f7 01 01 65',
      '55 aa f0 01 00 0b 65 f7 01 01 32',
    ])
      firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate')]).toEqual([0]);
  });
});
