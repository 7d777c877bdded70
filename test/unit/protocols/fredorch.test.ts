import fc from 'fast-check';
import { DeviceError, LinkError } from 'pulsegate/plugin';
import { describe, expect, it, vi } from 'vitest';
import { fredorchFirmware } from '../../../plugins/hardware-simulated/firmware/fredorch.js';
import { fredorch } from '../../../plugins/protocols/fredorch.js';
import { FakeClock } from '../../support/fake-clock.js';
import { type FakeLink, fromHex, matchesName, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const PREPARATION = [
  'subscribe rx',
  'tx: 01 06 00 64 00 01 09 d5',
  'tx: 01 06 00 69 00 00 59 d6',
  'tx: 01 10 00 6b 00 05 0a 00 05 00 05 00 00 00 00 00 01 c0 c3',
  'tx: 01 06 00 69 00 01 98 16',
  'tx: 01 06 00 6a 00 01 68 16',
];
const echoing = (_endpoint: string, data: Uint8Array, link: FakeLink) => link.notify('rx', data);
const open = () => openProtocol(fredorch, { name: 'YXlinksSPP', answer: echoing });

describe('fredorch', () => {
  it('has the machine record a program and run it, each step echoed', async () => {
    const driver = await open();
    expect(driver.link.take()).toEqual(PREPARATION);
    expect(driver.clock.now()).toBe(500);
    expect(driver.clock.waiting).toBe(0);
  });

  it('does not wait for the time-out when the machine wakes up', async () => {
    const clock = new FakeClock();
    const attach = (link: FakeLink) => clock.after(20, () => link.notify('rx', fromHex('00 01 00 01 01')));
    const driver = await openProtocol(fredorch, { name: 'YXlinksSPP', answer: echoing, attach, clock });
    expect(clock.now()).toBe(20);
    expect(driver.link.take()).toEqual(PREPARATION);
  });

  it('gives up a machine that does not echo', async () => {
    const opening = openProtocol(fredorch, { name: 'YXlinksSPP' });
    await expect(opening).rejects.toThrow(DeviceError);
    await expect(opening).rejects.toThrow('did not take step 1 of its preparation within 500 ms');
    const silentAtLast = (endpoint: string, data: Uint8Array, link: FakeLink) => {
      if (data[3] !== 0x6a) echoing(endpoint, data, link);
    };
    const late = openProtocol(fredorch, { name: 'YXlinksSPP', answer: silentAtLast });
    await expect(late).rejects.toThrow('did not take step 5');
  });

  it('gives up a machine that goes away', async () => {
    const leaving = (_endpoint: string, _data: Uint8Array, link: FakeLink) => link.lose();
    await expect(openProtocol(fredorch, { name: 'YXlinksSPP', answer: leaving })).rejects.toThrow(LinkError);
  });

  it('moves as slowly as the time allows', async () => {
    const driver = await open();
    const move = (place: number, durationMs: number) =>
      driver.drive(0, 'HwPositionWithDuration', place, durationMs).join();
    expect(move(7, 200)).toBe('01 10 00 6b 00 05 0a 00 0c 00 0c 00 46 00 46 00 01 5b 89');
    expect(move(15, 50)).toBe('01 10 00 6b 00 05 0a 00 14 00 14 00 96 00 96 00 01 a9 a3');
    expect(move(15, 50)).toBe('01 10 00 6b 00 05 0a 00 00 00 00 00 96 00 96 00 01 02 a2');
    // A speed that takes just as long as there is time is too slow.
    expect(move(14, 1000)).toMatch(/^01 10 00 6b 00 05 0a 00 02 /);
    expect(move(15, 1001)).toMatch(/^01 10 00 6b 00 05 0a 00 01 /);
    expect(driver.order(0, 'HwPositionWithDuration', 1)).toMatchObject([
      { slot: 'device', endpoint: 'tx', withResponse: false },
    ]);
  });

  it('holds the machine between two steps, half as fast as it was', async () => {
    const driver = await open();
    driver.drive(0, 'HwPositionWithDuration', 15, 2000);
    await driver.clock.advance(1000);
    const [hold] = driver.hold(0, 8);
    expect(hold).toMatch(/^01 10 00 6b 00 05 0a 00 03 00 03 00 4e 00 4e 00 01 /);
  });

  it('moves its simulated firmware, in time where any speed is fast enough', async () => {
    const { driver, toy, firmware } = await openSimulated(fredorch, fredorchFirmware, '');
    expect(matchesName(fredorch, toy.name)).toBe(true);
    const move = vi.spyOn(toy, 'move');
    const places = fc.integer({ min: 0, max: 15 });
    driver.drive(0, 'HwPositionWithDuration', 8, 500);
    fc.assert(
      fc.property(places, fc.integer({ min: 0, max: 100_000 }), (place, duration) => {
        driver.drive(0, 'HwPositionWithDuration', place, duration);
        expect(toy.target(0)).toBe(place);
      }),
    );
    driver.drive(0, 'HwPositionWithDuration', 0, 500);
    driver.drive(0, 'HwPositionWithDuration', 15, 1000);
    expect(move.mock.lastCall?.[2]).toBeLessThan(1000);
    for (const junk of ['', '01 06 00 6a 00 00 a9 d7', '01 06 00 64', '02 06 00 64 00 01 09 d5']) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.target(0)).toBe(15);
  });
});
