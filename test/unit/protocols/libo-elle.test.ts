import { describe, expect, it } from 'vitest';
import { liboElleFirmware } from '../../../plugins/hardware-simulated/firmware/libo-elle.js';
import { liboElle } from '../../../plugins/protocols/libo-elle.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('libo-elle', () => {
  it('vibrates, and never touches the endpoint that gives shocks', async () => {
    const driver = await openProtocol(liboElle, { name: 'PiPiJing' });
    expect(driver.model.name).toBe('LiBo Elle');
    driver.drive(0, 'Vibrate', 2);
    driver.stop();
    expect(driver.link.take()).toEqual(['txmode: 02', 'txmode: 00']);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('drives the simulated toys, which ignore junk', async () => {
    await expectFirmwareFollows(liboElle, liboElleFirmware, { unlisted: null });
    const { toy, firmware } = await openSimulated(liboElle, liboElleFirmware, 'Shuidi');
    for (const junk of ['', '04', '01 02']) firmware.write('txmode', fromHex(junk));
    firmware.write('tx', fromHex('01'));
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
