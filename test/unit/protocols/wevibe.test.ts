import { LinkError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { wevibeFirmware } from '../../../plugins/hardware-simulated/firmware/wevibe.js';
import { wevibe } from '../../../plugins/protocols/wevibe.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated, toHex } from '../../support/protocol-harness.js';

const OFF = '0f 00 00 00 00 00 00 00';

describe('wevibe', () => {
  it('buzzes and stops when connected, with responses', async () => {
    const { link, model } = await openProtocol(wevibe, { name: 'Pivot' });
    expect(link.take()).toEqual(['tx!: 0f 03 00 99 00 03 00 00', `tx!: ${OFF}`]);
    expect(model.name).toBe('WeVibe Pivot');
  });

  it('ends its buzz even if that takes three tries, and gives up after them', async () => {
    let refusals = 2;
    const answer = (_endpoint: string, data: Uint8Array) => {
      if (toHex(data) === OFF && refusals-- > 0) throw new LinkError('refused');
    };
    const { link } = await openProtocol(wevibe, { name: 'Pivot', answer });
    expect(link.take()).toEqual(['tx!: 0f 03 00 99 00 03 00 00', `tx!: ${OFF}`, `tx!: ${OFF}`, `tx!: ${OFF}`]);
    refusals = 3;
    await expect(openProtocol(wevibe, { name: 'Pivot', answer })).rejects.toThrow('refused');
  });

  it('ends a buzz that the toy does not confirm', async () => {
    const sent: string[] = [];
    const answer = (_endpoint: string, data: Uint8Array) => {
      sent.push(toHex(data));
      if (sent.length === 1) throw new LinkError('no confirmation');
    };
    await expect(openProtocol(wevibe, { name: 'Pivot', answer })).rejects.toThrow('no confirmation');
    expect(sent).toEqual(['0f 03 00 99 00 03 00 00', OFF]);
  });

  it.each(['Cougar', '4 Plus', '4_Plus', '4plus', 'classic', 'Classic'])('calls %s a 4 Plus', async (name) => {
    expect((await openProtocol(wevibe, { name })).model.name).toBe('WeVibe 4 Plus');
  });

  it('sends one motor’s level twice', async () => {
    const driver = await openProtocol(wevibe, { name: 'Pivot' });
    expect(driver.drive(0, 'Vibrate', 8)).toEqual(['0f 03 00 88 00 03 00 00']);
    expect(driver.stop()).toEqual([OFF]);
  });

  it('sends both levels in one packet for the whole toy', async () => {
    const driver = await openProtocol(wevibe, { name: '4 Plus' });
    driver.drive(0, 'Vibrate', 8);
    expect(driver.drive(1, 'Vibrate', 4)).toEqual(['0f 03 00 84 00 03 00 00']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['0f 03 00 04 00 03 00 00']);
    expect(driver.order(1, 'Vibrate', 0)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: true }]);
    expect(driver.stop()).toEqual([OFF]);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(wevibe, wevibeFirmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(wevibe, wevibeFirmware, 'Sync');
    for (const junk of ['', '0f', '0f 03 00 99 00 03 00', '00 03 00 99 00 03 00 00'])
      firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('0f 03 00 99 00 03 00 00'));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([0, 0]);
  });
});
