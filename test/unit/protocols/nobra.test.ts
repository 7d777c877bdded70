import { describe, expect, it } from 'vitest';
import { nobraFirmware } from '../../../plugins/hardware-simulated/firmware/nobra.js';
import { nobra } from '../../../plugins/protocols/nobra.js';
import {
  expectFirmwareFollows,
  type FakeLink,
  matchesName,
  openProtocol,
  openSimulated,
} from '../../support/protocol-harness.js';

describe('nobra', () => {
  it.each([
    ['Bluetooth', 0],
    ['serial', 1],
  ])('switches the box off first over %s, then sends one byte for each level', async (_link, link) => {
    const driver = await openProtocol(nobra, { name: 'NobraControl', link });
    driver.drive(0, 'Vibrate', 1);
    driver.drive(0, 'Vibrate', 8);
    driver.drive(0, 'Vibrate', 15);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx: 70', 'tx: 61', 'tx: 68', 'tx: 6f', 'tx: 70']);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('gives up a box that does not take its packet', async () => {
    const attach = (link: FakeLink) => {
      link.failing = true;
    };
    await expect(openProtocol(nobra, { name: 'NobraControl', attach })).rejects.toThrow('refuses writes');
  });

  it('knows the beginnings of its names', () => {
    expect(['NobraControl  ', 'Nobra Control 2', 'Nobra'].map((name) => matchesName(nobra, name))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('drives the simulated box, which ignores junk', async () => {
    await expectFirmwareFollows(nobra, nobraFirmware);
    const { driver, toy, firmware } = await openSimulated(nobra, nobraFirmware, '');
    driver.drive(0, 'Vibrate', 5);
    for (const junk of [[], [0x60], [0x42], [0x71]]) firmware.write('tx', Uint8Array.from(junk));
    expect(toy.level(0, 'Vibrate')).toBe(5);
  });
});
