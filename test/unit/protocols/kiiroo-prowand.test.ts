import { describe, expect, it } from 'vitest';
import { kiirooProwandFirmware } from '../../../plugins/hardware-simulated/firmware/kiiroo-prowand.js';
import { kiirooProwand } from '../../../plugins/protocols/kiiroo-prowand.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('kiiroo-prowand', () => {
  it('sends the level twice, and whether there is one', async () => {
    const driver = await openProtocol(kiirooProwand, { name: 'ProWand' });
    expect(driver.model.name).toBe('Kiiroo ProWand');
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['00 00 64 ff 80 80']);
    expect(driver.drive(0, 'Vibrate', 255)).toEqual(['00 00 64 ff ff ff']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['00 00 64 00 00 00']);
  });

  it('knows the Luxus', async () => {
    expect((await openProtocol(kiirooProwand, { name: 'Luxus' })).model.name).toBe('Luxus');
  });

  it('drives the simulated toys', () => expectFirmwareFollows(kiirooProwand, kiirooProwandFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(kiirooProwand, kiirooProwandFirmware, 'Luxus');
    const junk = ['00 00 64 ff 80', '00 00 64 00 80 80', '00 00 64 ff 80 81', '00 00 00 ff 80 80'];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
