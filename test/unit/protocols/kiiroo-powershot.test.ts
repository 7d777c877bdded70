import { describe, expect, it } from 'vitest';
import { kiirooPowershotFirmware } from '../../../plugins/hardware-simulated/firmware/kiiroo-powershot.js';
import { kiirooPowershot } from '../../../plugins/protocols/kiiroo-powershot.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('kiiroo-powershot', () => {
  it('sends both levels in one packet, with a response', async () => {
    const driver = await openProtocol(kiirooPowershot, { name: 'PowerShot' });
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['01 00 00 32 00 00']);
    expect(driver.drive(1, 'Vibrate', 100)).toEqual(['01 00 00 32 64 00']);
    expect(driver.order(1, 'Vibrate', 0)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: true }]);
    expect(driver.stop()).toEqual(['01 00 00 00 00 00']);
  });

  it('leaves the battery to the engine', async () => {
    const { handler, link } = await openProtocol(kiirooPowershot, { name: 'PowerShot' });
    expect(handler.read).toBeUndefined();
    expect(link.endpoints.has('rxblebattery')).toBe(true);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(kiirooPowershot, kiirooPowershotFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(kiirooPowershot, kiirooPowershotFirmware, '');
    const junk = ['01 00 00 32 00', '02 00 00 32 32 00', '01 00 00 65 32 00', '01 00 00 32 32 01'];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
