import { describe, expect, it } from 'vitest';
import { htkBmFirmware } from '../../../plugins/hardware-simulated/firmware/htk_bm.js';
import { htkBm } from '../../../plugins/protocols/htk_bm.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('htk_bm', () => {
  it('has a byte for every combination of its sides', async () => {
    const driver = await openProtocol(htkBm, { name: 'HTK-BLE-BM001' });
    expect(driver.model.name).toBe('HTK Breast Massager');
    expect(driver.drive(0, 'Vibrate', 1)).toEqual(['0c']);
    expect(driver.drive(1, 'Vibrate', 1)).toEqual(['0b']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['0d']);
    expect(driver.stop()).toEqual(['0f']);
    expect(driver.link.take()).toEqual(['tx: 0c', 'tx: 0b', 'tx: 0d', 'tx: 0f']);
    expect(driver.order(1, 'Vibrate', 1).map(({ slot }) => slot)).toEqual(['device']);
  });

  it('drives its simulated firmware, which ignores junk', async () => {
    await expectFirmwareFollows(htkBm, htkBmFirmware);
    const { driver, toy, firmware } = await openSimulated(htkBm, htkBmFirmware, '');
    for (const junk of ['', '00', '0e', '0b 00']) firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(0);
    expect(await driver.link.read('rxblebattery')).toEqual(Uint8Array.of(toy.battery));
    expect(firmware.read?.('tx')).toBeUndefined();
  });
});
