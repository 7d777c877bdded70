import fc from 'fast-check';
import { DeviceError, LinkError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { leloHarmonyFirmware } from '../../../plugins/hardware-simulated/firmware/lelo-harmony.js';
import { leloHarmony } from '../../../plugins/protocols/lelo-harmony.js';
import { FakeClock } from '../../support/fake-clock.js';
import {
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  openProtocol,
  openSimulated,
  toHex,
} from '../../support/protocol-harness.js';
import { saying } from './lelo-power-button.js';

const PHRASE = '01 02 03 04 05 06 08';

async function open(name: string, ...times: readonly (readonly string[])[]) {
  const attach = saying('whitelist', ...(times.length > 0 ? times : [['01']]));
  const driver = await openProtocol(leloHarmony, { name, attach });
  return { driver, init: driver.link.take() };
}

describe('lelo-harmony', () => {
  it('takes what a toy sends at a tap on its button, and writes it back without listening', async () => {
    const { init } = await open('TianiHarmony', ['00', '', '00 00 00', PHRASE], ['00 00', '01 00 00']);
    expect(init).toEqual([
      'subscribe whitelist',
      'unsubscribe whitelist',
      `whitelist!: ${PHRASE}`,
      'subscribe whitelist',
    ]);
  });

  it('needs no phrase for a toy that has allowed it already', async () => {
    expect((await open('LIV3', ['01'])).init).toEqual(['subscribe whitelist']);
  });

  it('writes a phrase back once, however often it is sent, and each new one', async () => {
    const { init } = await open('LIV3', [PHRASE, PHRASE], ['02'], ['01']);
    expect(init.filter((line) => line.includes('!'))).toEqual([`whitelist!: ${PHRASE}`, 'whitelist!: 02']);
  });

  it('takes anything else for a phrase', async () => {
    const phrase = fc
      .uint8Array({ minLength: 1, maxLength: 20 })
      .filter(([first = 0, ...rest]) => first > 1 || rest.some((byte) => byte > 0));
    await fc.assert(
      fc.asyncProperty(phrase, async (bytes) => {
        const { init } = await open('LIV3', [toHex(bytes)], ['01 00 00 00 00 00 00 00']);
        expect(init[2]).toBe(`whitelist!: ${toHex(bytes)}`);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['nothing is heard', []],
    ['nobody taps', ['00 00 00 00 00 00 00 00']],
    ['the phrase is wrong', [PHRASE]],
  ])('gives up when %s, and leaves nothing behind', async (_when, said) => {
    const clock = new FakeClock();
    const opening = openProtocol(leloHarmony, { name: 'Hugo2', clock, attach: saying('whitelist', said) });
    await expect(opening).rejects.toThrow(DeviceError);
    expect(clock.now()).toBe(60_000);
    expect(clock.waiting).toBe(0);
  });

  it('gives up when the toy goes away, or does not take the phrase back', async () => {
    const clock = new FakeClock();
    const leaving = (link: FakeLink) => {
      link.onWrite = () => link.lose();
      saying('whitelist', [PHRASE])(link);
    };
    await expect(openProtocol(leloHarmony, { name: 'Hugo2', clock, attach: leaving })).rejects.toThrow(LinkError);
    const refusing = (link: FakeLink) => {
      link.failing = true;
      saying('whitelist', [PHRASE])(link);
    };
    await expect(openProtocol(leloHarmony, { name: 'Hugo2', clock, attach: refusing })).rejects.toThrow('refuses');
    expect(clock.now()).toBe(0);
    expect(clock.waiting).toBe(0);
  });

  it('sends a packet for each motor', async () => {
    const { driver } = await open('Tiani Harmony');
    expect(driver.drive(0, 'Vibrate', 75)).toEqual(['0a 12 01 08 00 00 00 00 4b 00']);
    expect(driver.drive(1, 'Vibrate', 50)).toEqual(['0a 12 02 08 00 00 00 00 32 00']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['0a 12 01 08 00 00 00 00 00 00', '0a 12 02 08 00 00 00 00 00 00']);
  });

  it('rotates with the same packet', async () => {
    const { driver } = await open('Ida Wave');
    expect(driver.drive(1, 'Rotate', 50)).toEqual(['0a 12 02 08 00 00 00 00 32 00']);
    expect(driver.stop().at(-1)).toBe('0a 12 02 08 00 00 00 00 00 00');
  });

  it('rotates as fast for a level below 0', async () => {
    const { driver } = await open('Ida Wave');
    expect(driver.drive(1, 'Rotate', -100)).toEqual(['0a 12 02 08 00 00 00 00 64 00']);
    expect(driver.drive(1, 'Rotate', -1)).toEqual(['0a 12 02 08 00 00 00 00 01 00']);
  });

  it('drives the simulated toys', async () => {
    await expectFirmwareFollows(leloHarmony, leloHarmonyFirmware, { unlisted: null });
  });

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(leloHarmony, leloHarmonyFirmware, 'GIGI3');
    for (const packet of ['0a 12 01 08', '0a 12 01 08 00 00 00 00 65 00', '0b 12 01 08 00 00 00 00 32 00']) {
      firmware.write('tx', fromHex(packet));
    }
    firmware.write('tx', fromHex('0a 12 02 08 00 00 00 00 32 00'));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([0, 0]);
  });
});
