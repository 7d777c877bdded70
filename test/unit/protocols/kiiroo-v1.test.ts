import { describe, expect, it } from 'vitest';
import { kiirooV1Firmware } from '../../../plugins/hardware-simulated/firmware/kiiroo-v1.js';
import { kiirooV1 } from '../../../plugins/protocols/kiiroo-v1.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('kiiroo-v1', () => {
  it('sends a line with one digit', async () => {
    const driver = await openProtocol(kiirooV1, { name: 'PEARL' });
    expect(driver.drive(0, 'Vibrate', 3)).toEqual(['33 2c 0a']);
    expect(driver.order(0, 'Vibrate', 4)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['30 2c 0a']);
  });

  it('sends the ring of the Onyx to its place, whatever the time', async () => {
    const driver = await openProtocol(kiirooV1, { name: 'ONYX' });
    expect(driver.drive(0, 'HwPositionWithDuration', 4, 2000)).toEqual(['34 2c 0a']);
    expect(driver.drive(0, 'HwPositionWithDuration', 0, 0)).toEqual(['30 2c 0a']);
  });

  it('is not sure of it', () => expect(kiirooV1.status).toBe('unverified'));

  it('drives the simulated toys', () => expectFirmwareFollows(kiirooV1, kiirooV1Firmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(kiirooV1, kiirooV1Firmware, 'PEARL');
    const junk = ['33 2c', '35 2c 0a', '33 33 2c 0a', '33 2c 0a 0a'];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
