import { describe, expect, it } from 'vitest';
import { leloF1sFirmware } from '../../../plugins/hardware-simulated/firmware/lelo-f1s.js';
import { leloF1s } from '../../../plugins/protocols/lelo-f1s.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('lelo-f1s', () => {
  it('listens to the button, so that a tap does not switch the toy off', async () => {
    const { link, model } = await openProtocol(leloF1s, { name: 'F1s' });
    expect(model.name).toBe('Lelo F1s');
    expect(link.take()).toEqual(['subscribe rx']);
  });

  it('sends both levels in one packet', async () => {
    const driver = await openProtocol(leloF1s, { name: 'F1s' });
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['01 32 00']);
    driver.drive(0, 'Vibrate', 75);
    expect(driver.drive(1, 'Vibrate', 50)).toEqual(['01 4b 32']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['01 00 00']);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(leloF1s, leloF1sFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(leloF1s, leloF1sFirmware, '');
    const junk = ['01 32', '02 32 32', '01 65 32', '01 32 32 00'];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
