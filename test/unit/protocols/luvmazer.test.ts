import { features, model, rotateBothWays, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { luvmazerFirmware } from '../../../plugins/hardware-simulated/firmware/luvmazer.js';
import { luvmazer } from '../../../plugins/protocols/luvmazer.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('luvmazer', () => {
  it('drives the Finger Magic', async () => {
    const driver = await openProtocol(luvmazer, { name: 'TKLM-W001-BT' });
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['a0 01 00 00 64 80']);
    expect(driver.drive(0, 'Vibrate', 26)).toEqual(['a0 01 00 00 64 1a']);
    expect(driver.drive(1, 'Rotate', 128)).toEqual(['a0 0f 00 00 64 80']);
    expect(driver.order(1, 'Rotate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['a0 01 00 00 64 00', 'a0 0f 00 00 64 00']);
  });

  it('counts the vibrators of the Cock Ring', async () => {
    const driver = await openProtocol(luvmazer, { name: 'TKLM-C003-BT' });
    expect(driver.drive(1, 'Vibrate', 255)).toEqual(['a0 01 00 01 64 ff']);
  });

  it('turns one way, whatever a table says', async () => {
    const bothWays = model('TKLM-W001-BT', 'Both Ways', features(vibrate(255), rotateBothWays(255)));
    const driver = await openProtocol({ ...luvmazer, models: [bothWays] }, { name: 'TKLM-W001-BT' });
    expect(driver.drive(1, 'Rotate', -255)).toEqual(['a0 0f 00 00 64 ff']);
    expect(driver.drive(1, 'Rotate', -1)).toEqual(['a0 0f 00 00 64 01']);
    expect(driver.stop()).toEqual(['a0 01 00 00 64 00', 'a0 0f 00 00 64 00']);
  });

  it('drives all of the Interstellar', async () => {
    const driver = await openProtocol(luvmazer, { name: 'TKLM-C004-BT' });
    expect(driver.drive(1, 'Oscillate', 9)).toEqual(['a0 06 01 00 64 09']);
    expect(driver.drive(2, 'Constrict', 54)).toEqual(['a0 0d 00 00 14 36']);
    expect(driver.stop()).toEqual(['a0 01 00 00 64 00', 'a0 06 01 00 64 00', 'a0 0d 00 00 00 00']);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(luvmazer, luvmazerFirmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(luvmazer, luvmazerFirmware, 'TKLM-C004-BT');
    const junk = ['a0 01 00 00 64', 'a1 01 00 00 64 20', 'a0 02 00 00 64 20', 'a0 01 00 00 14 20'];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
