import { describe, expect, it } from 'vitest';
import { mysteryvibeFirmware } from '../../../plugins/hardware-simulated/firmware/mysteryvibe.js';
import { mysteryvibe } from '../../../plugins/protocols/mysteryvibe.js';
import {
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  openProtocol,
  openSimulated,
} from '../../support/protocol-harness.js';

describe('mysteryvibe', () => {
  it.each([
    ['MV Crescendo', 'MysteryVibe Crescendo', 6],
    ['MV Tenuto   ', 'MysteryVibe Tenuto', 6],
    ['MV Poco     ', 'MysteryVibe Poco', 2],
    ['MV Poco', 'Mysteryvibe Device', 6],
  ])('takes "%s" for a %s with %i motors', async (name, model, motors) => {
    const driver = await openProtocol(mysteryvibe, { name });
    expect(driver.model.name).toBe(model);
    expect(driver.link.take()).toEqual(['txmode!: 43 02 00']);
    expect(driver.stop()).toEqual([new Array<string>(motors).fill('00').join(' ')]);
  });

  it('sends all levels in one packet, and repeats it', async () => {
    const driver = await openProtocol(mysteryvibe, { name: 'MV Crescendo' });
    driver.link.take();
    driver.drive(0, 'Vibrate', 28);
    driver.drive(5, 'Vibrate', 56);
    driver.stop();
    expect(driver.link.take()).toEqual([
      'txvibrate: 1c 00 00 00 00 00',
      'txvibrate: 1c 00 00 00 00 38',
      'txvibrate: 00 00 00 00 00 00',
    ]);
    expect(driver.order(3, 'Vibrate', 1).map(({ slot }) => slot)).toEqual(['device']);
    expect(mysteryvibe.keepalive).toEqual({ kind: 'repeat-last', everyMs: 93 });
  });

  it('gives up a toy that does not take its mode', async () => {
    const attach = (link: FakeLink) => {
      link.failing = true;
    };
    await expect(openProtocol(mysteryvibe, { name: 'MV Crescendo', attach })).rejects.toThrow('refuses writes');
  });

  it('drives the simulated toys', () => expectFirmwareFollows(mysteryvibe, mysteryvibeFirmware, { unlisted: null }));

  it('has a simulated toy that ignores junk, and everything outside its mode', async () => {
    const { toy, firmware } = await openSimulated(mysteryvibe, mysteryvibeFirmware, 'MV Poco     ');
    for (const junk of ['', '01', '01 39', '01 01 01']) firmware.write('txvibrate', fromHex(junk));
    firmware.write('txmode', fromHex('03 02 40'));
    firmware.write('txvibrate', fromHex('01 01'));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([0, 0]);
  });
});
