import fc from 'fast-check';
import type { Advertisement } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { Catalogue } from '../../../core/catalogue/catalogue.js';
import { motorbunnyFirmware } from '../../../plugins/hardware-simulated/firmware/motorbunny.js';
import { fluffer } from '../../../plugins/protocols/fluffer.js';
import { motorbunny } from '../../../plugins/protocols/motorbunny.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('motorbunny', () => {
  it.each([
    ['MB Controller', 'Motorbunny Classic'],
    ['MB LINK 201', 'Motorbunny Buck'],
  ])('takes %s for a %s', async (name, model) => {
    expect((await openProtocol(motorbunny, { name })).model.name).toBe(model);
  });

  it('vibrates and rotates with packets of their own', async () => {
    const driver = await openProtocol(motorbunny, { name: 'MB Controller' });
    driver.drive(0, 'Vibrate', 128);
    driver.drive(0, 'Vibrate', 192);
    driver.drive(1, 'Rotate', 128);
    driver.drive(1, 'Rotate', -192);
    expect(driver.link.take()).toEqual([
      'tx: ff 80 14 80 14 80 14 80 14 80 14 80 14 80 14 0c ec',
      'tx: ff c0 14 c0 14 c0 14 c0 14 c0 14 c0 14 c0 14 cc ec',
      'tx: af 2a 80 2a 80 2a 80 2a 80 2a 80 2a 80 2a 80 a6 ec',
      'tx: af 29 c0 29 c0 29 c0 29 c0 29 c0 29 c0 29 c0 5f ec',
    ]);
    expect(driver.order(1, 'Rotate', 5).map(({ slot }) => slot)).toEqual([1]);
    expect(driver.stop()).toEqual(['f0 00 00 00 00 ec', 'a0 00 00 00 00 ec']);
  });

  it('ends every running packet with the sum of its pairs', async () => {
    const driver = await openProtocol(motorbunny, { name: 'MB Controller' });
    fc.assert(
      fc.property(fc.integer({ min: -255, max: 255 }), (level) => {
        fc.pre(level !== 0);
        const bytes = driver.order(1, 'Rotate', level).flatMap(({ data }) => [...data]);
        expect(bytes).toHaveLength(17);
        expect(bytes.slice(1, 15).reduce((sum, byte) => sum + byte) & 0xff).toBe(bytes[15]);
      }),
    );
  });

  it('shares a name with Fluffer devices, whose services tell them apart', () => {
    const catalogue = new Catalogue();
    for (const definition of [fluffer, motorbunny]) catalogue.add(definition);
    const advertisement = { kind: 'bluetooth', name: 'MB Controller', address: 'a' } as const;
    const manufacturerData = new Map([[0x684a, fromHex('12 34 7a 00 56')]]);
    const claims = (seen: Advertisement) => catalogue.candidates(seen).map(({ definition }) => definition.id);
    expect(claims(advertisement)).toEqual(['motorbunny']);
    expect(claims({ ...advertisement, manufacturerData }).sort()).toEqual(['fluffer', 'motorbunny']);
    const services = [fluffer, motorbunny].flatMap(({ links: [link] }) =>
      link?.kind === 'bluetooth' ? Object.keys(link.services) : [],
    );
    expect(new Set(services).size).toBe(2);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(motorbunny, motorbunnyFirmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { driver, toy, firmware } = await openSimulated(motorbunny, motorbunnyFirmware, 'MB Controller');
    driver.drive(0, 'Vibrate', 9);
    for (const junk of [
      '',
      'f0 00 00 00 01 ec',
      'ff 80 14 80 14 80 14 80 14 80 14 80 14 80 14 0d ec',
      'ff 80 14 80 14 80 14 80 14 80 14 80 14 81 14 0d ec',
      'ff 80 15 80 15 80 15 80 15 80 15 80 15 80 15 13 ec',
    ])
      firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(9);
  });
});
