import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { honeyplayboxFirmware } from '../../../plugins/hardware-simulated/firmware/honeyplaybox.js';
import { honeyplaybox } from '../../../plugins/protocols/honeyplaybox.js';
import {
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  openProtocol,
  openSimulated,
  toHex,
} from '../../support/protocol-harness.js';

const START = '02 a5 5a 55 aa f0';
const REPLY = `${START} 00 b1 01 00 12 90 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 03 f4 26`;
const GREETING = `${START} 00 b1 01 00 02 00 10 03 36 86`;
const OFF = '01 00 05 00 3c 00 00 00 11 00 05 00 3c 00 00 00';

const answering =
  (...notifications: readonly string[]) =>
  (_endpoint: string, [, , , , , , counter]: Uint8Array, link: FakeLink) => {
    if (counter === 0) for (const hex of notifications) link.notify('rx', fromHex(hex));
  };
const open = (...notifications: readonly string[]) =>
  openProtocol(honeyplaybox, { name: 'JXT002', answer: answering(...notifications) });

describe('honeyplaybox', () => {
  it('asks for a token and signs its orders with it', async () => {
    const driver = await open(REPLY);
    expect(driver.link.take()).toEqual(['subscribe rx', `tx!: ${GREETING}`]);
    expect(driver.drive(0, 'Vibrate', 50)).toEqual([
      `${START} 02 b1 03 00 18 01 00 05 00 3c 00 00 32 11 00 05 00 3c 00 00 00 3c ab 13 93 4e 4c b8 57 03 32 91`,
    ]);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual([`${START} 03 b1 03 00 18 ${OFF} f8 2d c3 5b d6 08 32 e4 03 d6 75`]);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: true }]);
    driver.close();
  });

  it('sends one motor what one motor needs', async () => {
    const driver = await openProtocol(honeyplaybox, { name: 'HPB-0520', answer: answering(REPLY) });
    expect(driver.drive(0, 'Vibrate', 50)).toEqual([
      `${START} 02 b1 03 00 10 01 00 05 00 3c 00 00 32 46 f2 c7 e7 f8 08 bc 48 03 e5 60`,
    ]);
    driver.close();
  });

  it('finds the token however the reply is cut, and whatever comes before it', async () => {
    const junk = fc.uint8Array({ maxLength: 20 }).filter((bytes) => !toHex(bytes).includes('02'));
    const cuts = fc.array(fc.integer({ min: 1, max: 31 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(junk, cuts, async (before, places) => {
        const whole = Uint8Array.from([...before, ...fromHex(REPLY)]);
        const ends = [...places, whole.length].sort((left, right) => left - right);
        const parts = ends.map((end, place) => toHex(whole.subarray(ends[place - 1] ?? 0, end)));
        const driver = await open(...parts);
        expect(driver.drive(0, 'Vibrate', 0).join()).toContain(`${OFF} `);
        expect(driver.clock.now()).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a frame without data', `${START} 00 b1 01 00 00 03 00 00`],
    ['a frame without a token', `${START} 00 b1 01 00 02 90 00 03 00 00`],
    ['a frame that has no end', `${START} 00 b1 01 00 02 90 00 04 00 00`],
  ])('waits for the token after %s', async (_what, notification) => {
    const driver = await open(notification, REPLY);
    expect(driver.clock.now()).toBe(0);
  });

  it('greets a silent toy twice, then gives it up', async () => {
    const links: FakeLink[] = [];
    const attach = (link: FakeLink) => links.push(link);
    await expect(openProtocol(honeyplaybox, { name: 'JXT002', attach })).rejects.toThrow(
      'Honey Play Box Vibrosa did not answer the handshake',
    );
    expect(links[0]?.take()).toEqual([
      'subscribe rx',
      `tx!: ${GREETING}`,
      `tx!: ${START} 01 b1 01 00 02 00 10 03 36 86`,
    ]);
  });

  it('gives up a toy that refuses, and one that only talks junk', async () => {
    await expect(open(`${START} 00 b1 01 00 02 6a 80 03 00 00`)).rejects.toThrow(
      'refused the handshake with code 6a80',
    );
    await expect(open('', 'ff ff', START)).rejects.toThrow('did not answer the handshake');
  });

  it('repeats its levels twice a second while anything is on', async () => {
    const driver = await open(REPLY);
    driver.drive(1, 'Vibrate', 5);
    driver.link.take();
    await driver.clock.advance(1000);
    const counters = driver.link.take().map((packet) => packet.slice(0, 25));
    expect(counters).toEqual([`tx!: ${START} 03`, `tx!: ${START} 04`]);
    driver.stop();
    driver.link.take();
    await driver.clock.advance(5000);
    expect(driver.link.take()).toEqual([]);
    expect(driver.clock.waiting).toBe(0);
  });

  it('drives the simulated toys', () =>
    expectFirmwareFollows(honeyplaybox, honeyplayboxFirmware, { unlisted: null, runs: 10 }));

  it('has simulated toys that take no order with a wrong signature, checksum or length', async () => {
    const { driver, toy, firmware } = await openSimulated(honeyplaybox, honeyplayboxFirmware, 'JXT002');
    const [order = ''] = driver.drive(0, 'Vibrate', 0);
    const forged = `${START} 02 b1 03 00 18 01 00 05 00 3c 00 00 32 11 00 05 00 3c 00 00 00 3c ab 13 93 4e 4c b8 57 03 32 91`;
    driver.drive(0, 'Vibrate', 7);
    for (const junk of ['', START, forged, `${order.slice(0, -2)}ff`, order.replace('00 18', '00 19')]) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.level(0, 'Vibrate')).toBe(7);
    expect(await driver.link.read('rxblebattery')).toEqual(Uint8Array.of(toy.battery));
    driver.close();
  });
});
