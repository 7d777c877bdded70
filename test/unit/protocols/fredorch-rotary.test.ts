import fc from 'fast-check';
import { LinkError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { fredorchRotaryFirmware } from '../../../plugins/hardware-simulated/firmware/fredorch-rotary.js';
import { fredorchRotary } from '../../../plugins/protocols/fredorch-rotary.js';
import { type FakeLink, fromHex, matchesName, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const LOGIN = 'tx: 55 03 99 9c aa';
const PASSWORD = 'tx: 55 09 21 00 00 00 00 00 00 2a aa';
const POWER = 'tx: 55 03 1f 22 aa';
const STOP = '55 03 24 27 aa';
const FASTER = 'tx: 55 03 01 04 aa';
const SLOWER = 'tx: 55 03 02 05 aa';

async function open() {
  const driver = await openProtocol(fredorchRotary, { name: 'M1_1234' });
  driver.link.take();
  return driver;
}

describe('fredorch-rotary', () => {
  it('logs in, switches on and stops, whether it is answered or not', async () => {
    const preparation = ['subscribe rx', LOGIN, PASSWORD, POWER, `tx: ${STOP}`];
    const silent = await openProtocol(fredorchRotary, { name: 'M1_1234' });
    expect(silent.link.take()).toEqual(preparation);
    expect(silent.clock.now()).toBe(400);
    const answer = (_endpoint: string, data: Uint8Array, link: FakeLink) => link.notify('rx', data);
    const talkative = await openProtocol(fredorchRotary, { name: 'M1_1234', answer });
    expect(talkative.link.take()).toEqual(preparation);
    expect([talkative.clock.now(), talkative.clock.waiting]).toEqual([0, 0]);
  });

  it('gives up a machine that goes away', async () => {
    const leaving = (_endpoint: string, _data: Uint8Array, link: FakeLink) => link.lose();
    await expect(openProtocol(fredorchRotary, { name: 'M1_1234', answer: leaving })).rejects.toThrow(LinkError);
  });

  it('goes to a speed step by step, and stops with one packet', async () => {
    const driver = await open();
    expect(driver.drive(0, 'Oscillate', 3)).toEqual([]);
    await driver.clock.advance(0);
    expect(driver.link.take()).toEqual([FASTER, FASTER, FASTER]);
    driver.drive(0, 'Oscillate', 1);
    await driver.clock.advance(0);
    expect(driver.link.take()).toEqual([SLOWER, SLOWER]);
    expect(driver.stop()).toEqual([STOP]);
    expect(driver.order(0, 'Oscillate', 0)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: false }]);
    driver.link.take();
    await driver.clock.advance(10_000);
    expect(driver.link.take()).toEqual([]);
    expect(driver.clock.waiting).toBe(0);
  });

  it('keeps its steps back until a stop should have been sent, makes sure of it, and starts from 0', async () => {
    const driver = await open();
    driver.drive(0, 'Oscillate', 5);
    await driver.clock.advance(0);
    driver.stop();
    driver.drive(0, 'Oscillate', 2);
    driver.link.take();
    await driver.clock.advance(249);
    expect(driver.link.take()).toEqual([]);
    await driver.clock.advance(1);
    expect(driver.link.take()).toEqual([`tx: ${STOP}`, FASTER, FASTER]);
    driver.drive(0, 'Oscillate', 3);
    await driver.clock.advance(0);
    expect(driver.link.take()).toEqual([FASTER]);
  });

  it('is at no time faster than it was told, however late its stop leaves the queue', async () => {
    const { driver, toy } = await openSimulated(fredorchRotary, fredorchRotaryFirmware, '');
    driver.drive(0, 'Oscillate', 15);
    await driver.clock.advance(0);
    const [stop] = driver.order(0, 'Oscillate', 0);
    driver.drive(0, 'Oscillate', 4);
    await driver.clock.advance(1000);
    expect(toy.level(0, 'Oscillate')).toBe(4);
    await driver.link.write('tx', stop?.data ?? Uint8Array.of(), { withResponse: false });
    driver.drive(0, 'Oscillate', 6);
    await driver.clock.advance(1000);
    expect(toy.level(0, 'Oscillate')).toBeLessThanOrEqual(6);
  });

  it('makes no step before its own stop was taken', async () => {
    const driver = await open();
    driver.drive(0, 'Oscillate', 5);
    await driver.clock.advance(0);
    driver.stop();
    driver.drive(0, 'Oscillate', 1);
    driver.link.take();
    driver.link.failing = true;
    await driver.clock.advance(1000);
    driver.link.failing = false;
    await driver.clock.advance(100);
    expect(driver.link.take()).toEqual([`tx: ${STOP}`, FASTER]);
  });

  it('stops itself again when a stop comes while it does', async () => {
    const driver = await open();
    driver.drive(0, 'Oscillate', 5);
    await driver.clock.advance(0);
    driver.stop();
    driver.drive(0, 'Oscillate', 1);
    driver.link.take();
    driver.link.onWrite = () => {
      driver.link.onWrite = undefined;
      driver.order(0, 'Oscillate', 0);
      driver.order(0, 'Oscillate', 2);
    };
    await driver.clock.advance(250);
    expect(driver.link.take()).toEqual([`tx: ${STOP}`]);
    await driver.clock.advance(250);
    expect(driver.link.take()).toEqual([`tx: ${STOP}`, FASTER, FASTER]);
  });

  it.each([
    ['faster', 2, 5],
    ['slower', 5, 2],
  ])('stops once more at once when a step that makes it %s may arrive after a stop', async (_what, from, to) => {
    const { driver, toy } = await openSimulated(fredorchRotary, fredorchRotaryFirmware, '');
    driver.drive(0, 'Oscillate', from);
    await driver.clock.advance(0);
    const onItsWay = Promise.withResolvers<void>();
    const { write } = driver.link;
    driver.link.write = async (...packet) => {
      driver.link.write = write;
      await onItsWay.promise;
      await driver.link.write(...packet);
    };
    driver.drive(0, 'Oscillate', to);
    driver.stop();
    driver.link.take();
    onItsWay.resolve();
    await driver.clock.advance(0);
    expect(driver.link.take()).toEqual([to > from ? FASTER : SLOWER, `tx: ${STOP}`]);
    expect(toy.level(0, 'Oscillate')).toBe(0);
    await driver.clock.advance(10_000);
    expect(driver.link.take()).toEqual([]);
  });

  it('loses no order, in whatever turn after its last step that comes', async () => {
    for (let turns = 0; turns < 40; turns += 1) {
      const driver = await open();
      driver.drive(0, 'Oscillate', 1);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      driver.drive(0, 'Oscillate', 2);
      await driver.clock.advance(0);
      expect(driver.link.take(), `after ${turns} turns`).toEqual([FASTER, FASTER]);
    }
  });

  it('begins anew when a stop sets out so late that it halts what was ordered after it', async () => {
    const { driver, toy } = await openSimulated(fredorchRotary, fredorchRotaryFirmware, '');
    driver.drive(0, 'Oscillate', 5);
    await driver.clock.advance(0);
    const [stop] = driver.order(0, 'Oscillate', 0);
    driver.drive(0, 'Oscillate', 2);
    await driver.clock.advance(300);
    // As slow as it was told to be, although the stop has not set out.
    expect(toy.level(0, 'Oscillate')).toBe(2);
    if (!stop) throw new Error('There is no stop');
    driver.write(stop);
    expect(toy.level(0, 'Oscillate')).toBe(0);
    await driver.clock.advance(300);
    expect(toy.level(0, 'Oscillate')).toBe(2);
    driver.stop();
    await driver.clock.advance(10_000);
    expect(toy.level(0, 'Oscillate')).toBe(0);
    expect(driver.clock.waiting).toBe(0);
  });

  it.each([
    ['faster', 2, 20],
    ['slower', 20, 2],
  ])('makes no step after a stop that comes while it gets %s', async (_what, from, to) => {
    const driver = await open();
    driver.drive(0, 'Oscillate', from);
    await driver.clock.advance(0);
    const taken = Promise.withResolvers<void>();
    const { write } = driver.link;
    driver.link.write = async (endpoint, data) => {
      driver.link.deliver(endpoint, data, false);
      await taken.promise;
    };
    driver.drive(0, 'Oscillate', to);
    driver.stop();
    taken.resolve();
    driver.link.write = write;
    await driver.clock.advance(1000);
    expect(driver.link.take().at(-1)).toBe(`tx: ${STOP}`);
    driver.drive(0, 'Oscillate', 1);
    await driver.clock.advance(0);
    expect(driver.link.take()).toEqual([`tx: ${STOP}`, FASTER]);
  });

  it('never takes the speed for less than it can be when steps get lost', async () => {
    const driver = await open();
    driver.drive(0, 'Oscillate', 2);
    await driver.clock.advance(0);
    driver.link.take();
    driver.link.failing = true;
    driver.drive(0, 'Oscillate', 1);
    await driver.clock.advance(1000);
    driver.link.failing = false;
    await driver.clock.advance(100);
    expect(driver.link.take()).toEqual([SLOWER]);
    driver.link.failing = true;
    driver.drive(0, 'Oscillate', 3);
    await driver.clock.advance(1000);
    driver.link.failing = false;
    driver.drive(0, 'Oscillate', 1);
    await driver.clock.advance(0);
    expect(driver.link.take()).toEqual([SLOWER, SLOWER]);
  });

  it('leaves nothing behind when the machine is gone', async () => {
    const driver = await open();
    driver.link.failing = true;
    driver.drive(0, 'Oscillate', 20);
    await driver.clock.advance(50);
    driver.close();
    await driver.clock.advance(10_000);
    expect(driver.clock.waiting).toBe(0);
  });

  it('drives its simulated firmware', async () => {
    const { driver, toy } = await openSimulated(fredorchRotary, fredorchRotaryFirmware, '');
    expect(matchesName(fredorchRotary, toy.name)).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 20 }), async (speed) => {
        driver.drive(0, 'Oscillate', speed);
        await driver.clock.advance(250);
        expect(toy.level(0, 'Oscillate')).toBe(speed);
      }),
    );
    driver.drive(0, 'Oscillate', 20);
    driver.stop();
    await driver.clock.advance(1000);
    expect(toy.level(0, 'Oscillate')).toBe(0);
  });

  it('has simulated machines that want a password, and ignore junk and what keeps the link alive', async () => {
    const { driver, toy, firmware } = await openSimulated(fredorchRotary, fredorchRotaryFirmware, '');
    for (const junk of ['', '00', '55 03 01 05 aa', '55 04 01 05 aa', '55 03 01 04 ab']) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.level(0, 'Oscillate')).toBe(0);
    driver.drive(0, 'Oscillate', 2);
    await driver.clock.advance(0);
    firmware.write('tx', fromHex('55 09 21 01 00 00 00 00 00 2b aa'));
    firmware.write('tx', fromHex('55 03 01 04 aa'));
    expect(toy.level(0, 'Oscillate')).toBe(2);
  });
});
