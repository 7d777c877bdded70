import { describe, expect, it } from 'vitest';
import { picobongFirmware } from '../../../plugins/hardware-simulated/firmware/picobong.js';
import { picobong } from '../../../plugins/protocols/picobong.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('picobong', () => {
  it('has a mode of its own for standing still', async () => {
    const driver = await openProtocol(picobong, { name: 'Egg driver' });
    expect(driver.model.name).toBe('Picobong Surfer');
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['01 01 05']);
    expect(driver.drive(0, 'Vibrate', 10)).toEqual(['01 01 0a']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['01 ff 00']);
    expect(driver.stop()).toEqual(['01 ff 00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(picobong, picobongFirmware, { unlisted: null }));

  it('has a simulated toy that turns even at speed 0, and ignores junk', async () => {
    const { firmware, toy } = await openSimulated(picobong, picobongFirmware, 'Diver');
    for (const junk of ['', '01 01', '02 01 05', '01 01 0b', '01 02 05']) firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(0);
    firmware.write('tx', fromHex('01 01 00'));
    expect(toy.level(0, 'Vibrate')).toBe(1);
  });
});
