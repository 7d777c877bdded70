import { describe, expect, it } from 'vitest';
import { lovedistanceFirmware } from '../../../plugins/hardware-simulated/firmware/lovedistance.js';
import { lovedistance } from '../../../plugins/protocols/lovedistance.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('lovedistance', () => {
  it('sets speed and pattern when connected', async () => {
    const { link } = await openProtocol(lovedistance, { name: 'REACH' });
    expect(link.take()).toEqual(['tx: f3 00 00', 'tx: f4 01']);
  });

  it('sends the speed', async () => {
    const driver = await openProtocol(lovedistance, { name: 'JOIN G' });
    expect(driver.model.name).toBe('Love Distance Join G');
    expect(driver.drive(0, 'Vibrate', 61)).toEqual(['f3 00 3d']);
    expect(driver.drive(0, 'Vibrate', 121)).toEqual(['f3 00 79']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['f3 00 00']);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(lovedistance, lovedistanceFirmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(lovedistance, lovedistanceFirmware, 'MAG');
    const junk = ['f3 00', 'f3 00 7a', 'f3 01 20', 'f4 01 20'];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
