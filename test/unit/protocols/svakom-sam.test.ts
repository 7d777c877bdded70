import { bluetooth, LinkError } from 'pulsegate/plugin';
import { describe, expect, it, vi } from 'vitest';
import { svakomSamFirmware } from '../../../plugins/hardware-simulated/firmware/svakom-sam.js';
import { svakomSam } from '../../../plugins/protocols/svakom-sam.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('svakom-sam', () => {
  it('listens to the toy, and drives what a newer one has', async () => {
    const driver = await openProtocol(svakomSam, { name: 'Sam Neo' });
    expect(driver.link.take()).toEqual(['subscribe rx']);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['12 01 03 00 04 05']);
    expect(driver.drive(1, 'Constrict', 1)).toEqual(['12 06 01 01']);
    driver.link.notify('rx', fromHex('12 34'));
    expect(driver.stop()).toEqual(['12 01 03 00 00 00', '12 06 01 00']);
  });

  it.each([
    ['newer', { rx: 'ae02', txmode: 'ae10' }, {}, '12 01 03 00 04 05', '12 01 03 00 00 00'],
    ['newer', { rx: 'ae02' }, { ffac: { firmware: 'ffb4' } }, '12 01 03 00 04 05', '12 01 03 00 00 00'],
    ['older', { rx: 'ae02' }, {}, '12 01 03 00 05 05', '12 01 03 00 05 00'],
  ])('tells a %s toy by its characteristics %o %o', async (_generation, own, other, running, off) => {
    const toy = bluetooth({ names: ['Sam Neo'], services: { ae00: { tx: 'ae01', ...own }, ...other } });
    const driver = await openProtocol({ ...svakomSam, links: [toy] }, { name: 'Sam Neo' });
    expect(driver.drive(0, 'Vibrate', 5)).toEqual([running]);
    expect(driver.drive(1, 'Constrict', 1)).toEqual(['12 06 01 01']);
    expect(driver.stop()).toEqual([off, '12 06 01 00']);
  });

  it('does not open a toy that it cannot listen to', async () => {
    const deaf = bluetooth({ names: ['Sam Neo'], services: { ae00: { tx: 'ae01', txmode: 'ae10' } } });
    await expect(openProtocol({ ...svakomSam, links: [deaf] }, { name: 'Sam Neo' })).rejects.toThrow(LinkError);
  });

  it('gives each motor a slot of its own', async () => {
    const driver = await openProtocol(svakomSam, { name: 'Sam Neo' });
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.order(1, 'Constrict', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it('drives its simulated toy', () => expectFirmwareFollows(svakomSam, svakomSamFirmware, { unlisted: 'Sam Neo' }));

  it('has a simulated toy that understands older packets too, and ignores junk', async () => {
    const { firmware, toy } = await openSimulated(svakomSam, svakomSamFirmware, 'Sam Neo');
    firmware.write('tx', fromHex('12 01 03 00 05 07'));
    expect(toy.level(0, 'Vibrate')).toBe(7);
    const set = vi.spyOn(toy, 'set');
    const junk = [
      '',
      '12',
      '12 01 03 00 04',
      '12 01 03 01 04 05',
      '12 01 03 00 04 0b',
      '12 01 03 00 03 05',
      '12 06 01',
      '12 06 01 02',
      '12 06 02 01',
      '55 06 01 01',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    firmware.write('rx', fromHex('12 06 01 01'));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('12 01 03 00 05 00'));
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
