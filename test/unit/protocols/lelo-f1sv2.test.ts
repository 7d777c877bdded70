import { bluetooth, DeviceError, type ProtocolDefinition } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { leloF1sv2Firmware } from '../../../plugins/hardware-simulated/firmware/lelo-f1sv2.js';
import { leloF1sv2 } from '../../../plugins/protocols/lelo-f1sv2.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';
import { saying } from './lelo-power-button.js';

const NO = '00 00 00 00 00 00 00 00';
const YES = '01 00 00 00 00 00 00 00';
const PHRASE = '01 02 03 04 05 06 08';

/** A toy of the newer generation lacks one of the two security endpoints. */
const newer: ProtocolDefinition = {
  ...leloF1sv2,
  links: [bluetooth({ names: ['F2'], services: { fff0: { tx: 'fff1', generic0: '0a11' } } })],
};

describe('lelo-f1sv2', () => {
  it('waits for a tap on the power button, and writes back what that makes the toy send', async () => {
    const attach = saying('whitelist', [NO, PHRASE], [YES]);
    const { link, model } = await openProtocol(leloF1sv2, { name: 'F1SV2X', attach });
    expect(model.name).toBe('Lelo F1s V2');
    expect(link.take()).toEqual([
      'subscribe whitelist',
      'unsubscribe whitelist',
      `whitelist!: ${PHRASE}`,
      'subscribe whitelist',
    ]);
  });

  it('does not take a short answer for a phrase', async () => {
    const { link } = await openProtocol(leloF1sv2, { name: 'F2', attach: saying('whitelist', ['00', '', '01']) });
    expect(link.take()).toEqual(['subscribe whitelist']);
  });

  it('gives up when nobody taps', async () => {
    const opening = openProtocol(leloF1sv2, { name: 'F1SV3', attach: saying('whitelist', [NO]) });
    await expect(opening).rejects.toThrow(DeviceError);
  });

  it('sends both levels to toys of the older generation, with a response', async () => {
    const driver = await openProtocol(leloF1sv2, { name: 'F1SV2A', attach: saying('whitelist', [YES]) });
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['01 32 00']);
    driver.drive(0, 'Vibrate', 75);
    expect(driver.drive(1, 'Vibrate', 50)).toEqual(['01 4b 32']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: true }]);
    expect(driver.stop()).toEqual(['01 00 00']);
  });

  it('has another endpoint and a packet for each motor for the newer one', async () => {
    const driver = await openProtocol(newer, { name: 'F2', attach: saying('generic0', [PHRASE], [YES]) });
    expect(driver.link.take()[0]).toBe('subscribe generic0');
    expect(driver.drive(1, 'Vibrate', 50)).toEqual(['0a 12 02 08 00 00 00 00 32 00']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['0a 12 01 08 00 00 00 00 00 00', '0a 12 02 08 00 00 00 00 00 00']);
  });

  it('drives the simulated toys', async () => {
    await expectFirmwareFollows(leloF1sv2, leloF1sv2Firmware, { unlisted: null });
  });

  it('has a simulated toy that ignores junk, and everything before it is allowed', async () => {
    const { firmware, toy } = await openSimulated(leloF1sv2, leloF1sv2Firmware, 'F2');
    for (const packet of ['01 32', '02 32 32', '01 65 32', '01 32 32 00']) firmware.write('tx', fromHex(packet));
    leloF1sv2Firmware.create(toy).write('tx', fromHex('01 32 32'));
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
