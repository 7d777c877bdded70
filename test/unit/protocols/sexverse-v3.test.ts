import { describe, expect, it } from 'vitest';
import { sexverseV3Firmware } from '../../../plugins/hardware-simulated/firmware/sexverse-v3.js';
import { sexverseV3 } from '../../../plugins/protocols/sexverse-v3.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('sexverse-v3', () => {
  it('sends each level by itself, with responses, again and again', async () => {
    const driver = await openProtocol(sexverseV3, { name: 'TAY006' });
    expect(driver.model.name).toBe('Sexverse Tay 6');
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 10)).toEqual(['a1 04 0a 01']);
    expect(driver.stop()).toEqual(['a1 04 00 01']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: true }]);
    expect(sexverseV3.keepalive).toEqual({ kind: 'repeat-last', everyMs: 100 });
  });

  it('drives the second motor of a Zeus like the first', async () => {
    const driver = await openProtocol(sexverseV3, { name: 'TA-S001A' });
    expect(driver.drive(1, 'Oscillate', 20)).toEqual(['a1 04 14 02']);
    expect(driver.stop()).toEqual(['a1 04 00 01', 'a1 04 00 02']);
    expect(driver.order(1, 'Oscillate', 1)).toMatchObject([{ slot: 1 }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(sexverseV3, sexverseV3Firmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(sexverseV3, sexverseV3Firmware, 'TAY001');
    for (const junk of ['', 'a1 04 0a', 'a1 04 15 01', 'a1 04 0a 02', 'a1 04 0a 00', 'a0 04 0a 01'])
      firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate')]).toEqual([0]);
  });
});
