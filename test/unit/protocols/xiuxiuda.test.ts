import { describe, expect, it } from 'vitest';
import { xiuxiudaFirmware } from '../../../plugins/hardware-simulated/firmware/xiuxiuda.js';
import { xiuxiuda } from '../../../plugins/protocols/xiuxiuda.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('xiuxiuda', () => {
  it('sends the level in a packet that is always the same otherwise', async () => {
    const driver = await openProtocol(xiuxiuda, { name: 'XXD-Lush12B-XT' });
    expect(driver.model.name).toBe('Xiuxiuda Device');
    expect(driver.drive(0, 'Vibrate', 10)).toEqual(['00 00 00 00 65 3a 30 0a 64']);
    expect(driver.drive(0, 'Vibrate', 15)).toEqual(['00 00 00 00 65 3a 30 0f 64']);
    expect(driver.stop()).toEqual(['00 00 00 00 65 3a 30 00 64']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, withResponse: false }]);
  });

  it('drives the simulated toy', async () => {
    await expectFirmwareFollows(xiuxiuda, xiuxiudaFirmware, { unlisted: 'XXD-Lush12B-XT' });
    const { firmware, toy } = await openSimulated(xiuxiuda, xiuxiudaFirmware, 'XXD-Lush12B-XT');
    for (const junk of ['', '00 00 00 00 65 3a 30 0a', '00 00 00 00 65 3a 30 0a 65', '00 00 00 00 65 3a 30 14 64']) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
