import { LinkError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { senseeV2Firmware } from '../../../plugins/hardware-simulated/firmware/sensee-v2.js';
import { senseeV2 } from '../../../plugins/protocols/sensee-v2.js';
import {
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  openProtocol,
  openSimulated,
} from '../../support/protocol-harness.js';

const open = (name: string, tx: string) => openProtocol(senseeV2, { name, reads: { tx } });

describe('sensee-v2', () => {
  it('reads what type the toy is of, and sends all levels in one packet', async () => {
    const driver = await open('CCPA10S2', '55 aa f0 02 01 0a 66 fa 01 00 00 01 ff 05 a6');
    expect(driver.link.take()).toEqual(['read tx']);
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['55 aa f0 02 00 0d 66 f1 02 00 01 01 32 02 01 01 00 00 00']);
    driver.drive(0, 'Vibrate', 90);
    expect(driver.drive(1, 'Constrict', 50)).toEqual(['55 aa f0 02 00 0d 66 f1 02 00 01 01 5a 02 01 01 32 00 00']);
    expect(driver.stop()).toEqual(['55 aa f0 02 00 0d 66 f1 02 00 01 01 00 02 01 01 00 00 00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: false }]);
  });

  it('has a section for each kind of motor, in an order of its own', async () => {
    const markel = await open('CCPB22S5', '');
    markel.drive(2, 'Constrict', 30);
    markel.drive(1, 'Oscillate', 20);
    expect(markel.drive(0, 'Vibrate', 10)).toEqual([
      '55 aa f0 02 00 11 65 f1 03 00 01 01 0a 01 01 01 14 02 01 01 1e 00 00',
    ]);
    const stick = await open('CTY916S4', '');
    stick.drive(0, 'Oscillate', 20);
    expect(stick.drive(1, 'Vibrate', 10)).toEqual(['55 aa f0 02 00 0d 65 f1 02 00 01 01 0a 01 01 01 14 00 00']);
    const cup = await open('qingnan#16', '');
    expect(cup.drive(0, 'Constrict', 40)).toEqual(['55 aa f0 02 00 09 65 f1 01 02 01 01 28 00 00']);
  });

  it.each(['', '55 aa f0 02 01 0a', '55 aa f0 02 01 0a 00 fa'])(
    'takes the usual type when it reads "%s"',
    async (answer) => {
      const driver = await open('qingnan#16', answer);
      expect(driver.drive(0, 'Constrict', 0)).toEqual(['55 aa f0 02 00 09 65 f1 01 02 01 01 00 00 00']);
    },
  );

  it('gives up a toy that cannot be read', async () => {
    await expect(openProtocol(senseeV2, { name: 'CCPA10S2' })).rejects.toThrow(LinkError);
  });

  it('gives up a toy that never answers', async () => {
    const attach = (link: FakeLink) => {
      link.read = () => new Promise(() => {});
    };
    await expect(openProtocol(senseeV2, { name: 'CCPA10S2', attach })).rejects.toThrow(
      'did not let tx be read within 2000 ms',
    );
  });

  it('drives the simulated toys', () => expectFirmwareFollows(senseeV2, senseeV2Firmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(senseeV2, senseeV2Firmware, 'CCPA10S2');
    for (const junk of [
      '',
      '55 aa f0 02 00 0d 66 f1 02 00 01 01 32 02 01 01 00 00',
      '55 aa f0 02 00 0d 65 f1 02 00 01 01 32 02 01 01 00 00 00',
      '55 aa f0 02 00 0d 66 f1 02 00 01 01 65 02 01 01 00 00 00',
      '55 aa f0 02 00 0d 66 f1 02 00 01 01 32 01 01 01 00 00 00',
      '55 aa f0 02 00 0d 66 f1 01 00 01 01 32 02 01 01 00 00 00',
      '55 aa f0 02 00 0d 66 f1 02 00 01 02 32 02 01 01 00 00 00',
    ])
      firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Constrict')]).toEqual([0, 0]);
  });
});
