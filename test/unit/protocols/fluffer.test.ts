import { describe, expect, it } from 'vitest';
import { flufferFirmware } from '../../../plugins/hardware-simulated/firmware/fluffer.js';
import { fluffer } from '../../../plugins/protocols/fluffer.js';
import { expectFirmwareFollows, type FakeLink, fromHex, openProtocol } from '../../support/protocol-harness.js';

const manufacturerData = new Map([[0x684a, fromHex('12 34 7a 00 56')]]);

/** A device that answers whatever it is told with these bytes. */
const answering = (hex: string) => (_endpoint: string, _data: Uint8Array, link: FakeLink) =>
  link.notify('rx', fromHex(hex));
const ACCEPTED = 'fb 14 63 04 20 5c 54 79 bb 6b a6 c9 69 fd aa 96';

describe('fluffer', () => {
  it('sends both levels in one encrypted packet', async () => {
    const driver = await openProtocol(fluffer, { name: 'MBO' });
    expect(driver.link.take()).toEqual(['subscribe rx']);
    driver.drive(0, 'Vibrate', 50);
    expect(driver.drive(1, 'Rotate', 40)).toEqual(['0c 12 c8 63 21 af 25 cb c1 d8 8d 80 af bf 27 18']);
    expect(driver.drive(1, 'Rotate', -20)).toEqual(['a8 eb a3 a2 0e d2 56 77 a1 ab aa dd d4 ad 54 1a']);
    expect(driver.stop()).toEqual(['d3 af 8c b6 b5 05 3c 01 7e c0 d3 7f 5b 06 44 21']);
  });

  it('shakes hands with a device that advertises who it is', async () => {
    const driver = await openProtocol(fluffer, {
      name: 'FDG2G',
      advertisement: { manufacturerData },
      answer: answering(ACCEPTED),
    });
    const traffic = driver.link.take();
    expect(traffic).toHaveLength(3);
    expect(traffic.at(-1)).toBe('tx: d9 a0 64 11 f5 e2 4e 7e 05 db 14 1d 95 63 05 d5');
  });

  it.each([
    ['refuses', ACCEPTED.replace('fb', 'fc')],
    ['answers junk', '01 02 03'],
    ['answers nothing', undefined],
  ])('gives up a device that %s', async (_what, hex) => {
    const options = { name: 'FDG2G', advertisement: { manufacturerData } };
    const opening = openProtocol(fluffer, { ...options, ...(hex !== undefined && { answer: answering(hex) }) });
    await expect(opening).rejects.toThrow(/Fluffer G2G (refused|did not answer) the handshake/);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(fluffer, flufferFirmware));
});
