import { describe, expect, it } from 'vitest';
import { kiirooV2VibratorFirmware } from '../../../plugins/hardware-simulated/firmware/kiiroo-v2-vibrator.js';
import { kiirooV2Vibrator } from '../../../plugins/protocols/kiiroo-v2-vibrator.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('kiiroo-v2-vibrator', () => {
  it('always sends three levels', async () => {
    const pearl = await openProtocol(kiirooV2Vibrator, { name: 'Pearl2' });
    expect(pearl.link.take()).toEqual([]);
    expect(pearl.drive(0, 'Vibrate', 50)).toEqual(['32 00 00']);
    const fuse = await openProtocol(kiirooV2Vibrator, { name: 'Fuse' });
    fuse.drive(0, 'Vibrate', 50);
    expect(fuse.drive(1, 'Vibrate', 100)).toEqual(['32 64 00']);
    const titan = await openProtocol(kiirooV2Vibrator, { name: 'Titan' });
    expect(titan.drive(2, 'Vibrate', 7)).toEqual(['00 00 07']);
  });

  it('has a slot for each motor, and stops them all', async () => {
    const driver = await openProtocol(kiirooV2Vibrator, { name: 'Titan' });
    for (const motor of [0, 1, 2]) {
      expect(driver.order(motor, 'Vibrate', 50)).toMatchObject([{ slot: motor, endpoint: 'tx', withResponse: false }]);
    }
    expect(driver.drive(1, 'Vibrate', 0)).toEqual(['32 00 32']);
    expect(driver.stop().at(-1)).toBe('00 00 00');
  });

  it('stops one motor in the slots of all, because what waits there has its old level', async () => {
    const driver = await openProtocol(kiirooV2Vibrator, { name: 'Titan' });
    for (const motor of [0, 1, 2]) driver.order(motor, 'Vibrate', 50);
    expect(driver.order(1, 'Vibrate', 0)).toMatchObject([{ slot: 1, alsoSlots: [0, 1, 2] }]);
  });

  it('drives the simulated toys', () =>
    expectFirmwareFollows(kiirooV2Vibrator, kiirooV2VibratorFirmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(kiirooV2Vibrator, kiirooV2VibratorFirmware, 'Titan');
    const junk = ['32', '32 32', '32 32 32 32', '65 32 32'];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
