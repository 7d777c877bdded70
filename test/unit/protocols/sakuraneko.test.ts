import { describe, expect, it } from 'vitest';
import { sakuranekoFirmware } from '../../../plugins/hardware-simulated/firmware/sakuraneko.js';
import { sakuraneko } from '../../../plugins/protocols/sakuraneko.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('sakuraneko', () => {
  it('has a packet for each kind of motor', async () => {
    const driver = await openProtocol(sakuraneko, { name: 'sakuraneko-04' });
    expect(driver.model.name).toBe('Sakuraneko Koikoi');
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['a1 08 01 00 00 00 64 32 00 64 df 55']);
    expect(driver.drive(1, 'Rotate', 50)).toEqual(['a2 08 01 00 00 00 64 32 00 32 df 55']);
    expect(driver.stop()).toEqual(['a1 08 01 00 00 00 64 00 00 64 df 55', 'a2 08 01 00 00 00 64 00 00 32 df 55']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.order(1, 'Rotate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(sakuraneko, sakuranekoFirmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(sakuraneko, sakuranekoFirmware, 'sakuraneko-04');
    for (const junk of [
      '',
      'a1 08 01 00 00 00 64 32 00 64 df',
      'a1 08 01 00 00 00 64 65 00 64 df 55',
      'a1 08 01 00 00 00 64 32 00 32 df 55',
      'a2 08 01 00 00 00 64 32 00 64 df 55',
    ])
      firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Rotate')]).toEqual([0, 0]);
  });
});
