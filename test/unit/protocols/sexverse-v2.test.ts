import { describe, expect, it } from 'vitest';
import { sexverseV2Firmware } from '../../../plugins/hardware-simulated/firmware/sexverse-v2.js';
import { sexverseV2 } from '../../../plugins/protocols/sexverse-v2.js';
import {
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  openProtocol,
  openSimulated,
} from '../../support/protocol-harness.js';

describe('sexverse-v2', () => {
  it('greets the toy, and sends each level by itself, with responses', async () => {
    const driver = await openProtocol(sexverseV2, { name: 'LY272A01' });
    expect(driver.model.name).toBe('Sexverse Nolan');
    expect(driver.link.take()).toEqual(['tx!: aa 04']);
    expect(driver.drive(0, 'Vibrate', 10)).toEqual(['aa 03 01 01 64 0a']);
    expect(driver.drive(1, 'Oscillate', 10)).toEqual(['aa 03 01 02 64 0a']);
    expect(driver.stop()).toEqual(['aa 03 01 01 64 00', 'aa 03 01 02 64 00']);
    expect(driver.order(0, 'Vibrate', 15)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: true }]);
    expect(driver.order(1, 'Oscillate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: true }]);
  });

  it('counts motors of all kinds', async () => {
    const driver = await openProtocol(sexverseV2, { name: 'NBQ-B619RX' });
    expect(driver.drive(2, 'Vibrate', 20)).toEqual(['aa 03 01 03 64 14']);
  });

  it('gives up a toy that does not take the greeting', async () => {
    const attach = (link: FakeLink) => {
      link.failing = true;
    };
    await expect(openProtocol(sexverseV2, { name: 'LB-W01', attach })).rejects.toThrow('refuses writes');
  });

  it('drives the simulated toys', () =>
    expectFirmwareFollows(sexverseV2, sexverseV2Firmware, { unlisted: 'LY272A01' }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(sexverseV2, sexverseV2Firmware, 'LB-W01');
    for (const junk of [
      '',
      'aa 04',
      'aa 03 01 01 64',
      'aa 03 01 02 64 0a',
      'aa 03 01 01 63 0a',
      'aa 03 01 01 64 15',
      'aa 03 01 00 64 0a',
    ])
      firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate')]).toEqual([0]);
  });
});
