import { describe, expect, it } from 'vitest';
import { liboSharkFirmware } from '../../../plugins/hardware-simulated/firmware/libo-shark.js';
import { liboShark } from '../../../plugins/protocols/libo-shark.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('libo-shark', () => {
  it('sends both levels in one byte', async () => {
    const driver = await openProtocol(liboShark, { name: 'ShaYu' });
    expect(driver.model.name).toBe('Libo Shark');
    driver.drive(0, 'Vibrate', 2);
    driver.drive(1, 'Vibrate', 3);
    driver.drive(0, 'Vibrate', 0);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx: 20', 'tx: 23', 'tx: 03', 'tx: 00']);
    expect(driver.order(1, 'Vibrate', 1).map(({ slot }) => slot)).toEqual(['device']);
  });

  it('drives its simulated firmware, which ignores junk', async () => {
    await expectFirmwareFollows(liboShark, liboSharkFirmware);
    const { toy, firmware } = await openSimulated(liboShark, liboSharkFirmware, '');
    for (const junk of ['', '40', '04', '11 11']) firmware.write('tx', fromHex(junk));
    firmware.write('txmode', fromHex('11'));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([0, 0]);
  });
});
