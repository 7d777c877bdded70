import { describe, expect, it } from 'vitest';
import { kiirooSpotFirmware } from '../../../plugins/hardware-simulated/firmware/kiiroo-spot.js';
import { kiirooSpot } from '../../../plugins/protocols/kiiroo-spot.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('kiiroo-spot', () => {
  it('sends the level behind a constant head', async () => {
    const driver = await openProtocol(kiirooSpot, { name: 'SPOT W1' });
    expect(driver.model.name).toBe('Kiiroo Spot');
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['00 ff 00 00 00 32']);
    expect(driver.drive(0, 'Vibrate', 100)).toEqual(['00 ff 00 00 00 64']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['00 ff 00 00 00 00']);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(kiirooSpot, kiirooSpotFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(kiirooSpot, kiirooSpotFirmware, '');
    const junk = ['00 ff 00 00 32', '00 00 00 00 00 32', '00 ff 00 00 00 65', '00 ff 00 01 00 32'];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
