import { DeviceError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { lionessFirmware } from '../../../plugins/hardware-simulated/firmware/lioness.js';
import { lioness } from '../../../plugins/protocols/lioness.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('lioness', () => {
  it('starts the toy, then sends it speeds', async () => {
    const driver = await openProtocol(lioness, { name: 'Lioness' });
    driver.drive(0, 'Vibrate', 50);
    driver.stop();
    expect(driver.link.take()).toEqual([
      'subscribe rx',
      'tx!: 01 aa aa bb cc 10',
      'tx: 02 aa bb cc cc 32',
      'tx: 02 aa bb cc cc 00',
    ]);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('tells how to pair a toy that refuses to start', async () => {
    const refusing = (link: { failing: boolean }) => {
      link.failing = true;
    };
    const opening = openProtocol(lioness, { name: 'Lioness', attach: refusing });
    await expect(opening).rejects.toThrow(DeviceError);
    await expect(opening).rejects.toThrow(/PIN 6496 or 006496/);
  });

  it('drives its simulated firmware, which ignores junk', async () => {
    await expectFirmwareFollows(lioness, lionessFirmware);
    const { toy, firmware } = await openSimulated(lioness, lionessFirmware, '');
    for (const junk of ['', '02 aa bb cc cc', '02 aa bb cc cc 65', '02 aa aa bb cc 32']) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
