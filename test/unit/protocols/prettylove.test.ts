import { describe, expect, it } from 'vitest';
import { prettyloveFirmware } from '../../../plugins/hardware-simulated/firmware/prettylove.js';
import { prettylove } from '../../../plugins/protocols/prettylove.js';
import {
  expectFirmwareFollows,
  fromHex,
  matchesName,
  openProtocol,
  openSimulated,
} from '../../support/protocol-harness.js';

describe('prettylove', () => {
  it.each(['Aogu BLE 7731', 'AB Shutter3 [Aogu BLE Device]'])('takes %s for its only model', async (name) => {
    const { identifier, model, link } = await openProtocol(prettylove, { name });
    expect([identifier, model.name]).toEqual(['Aogu BLE', 'Pretty Love Device']);
    expect(link.take()).toEqual([]);
    expect(matchesName(prettylove, name)).toBe(true);
  });

  it('sends levels with responses', async () => {
    const driver = await openProtocol(prettylove, { name: 'Aogu BLE 7731' });
    driver.drive(0, 'Vibrate', 2);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx!: 00 02', 'tx!: 00 00']);
    expect(driver.order(0, 'Vibrate', 3).map(({ slot }) => slot)).toEqual([0]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(prettylove, prettyloveFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(prettylove, prettyloveFirmware, 'Aogu BLE');
    for (const junk of ['', '00', '01 02', '00 04', '00 02 00']) firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate')]).toEqual([0]);
  });
});
