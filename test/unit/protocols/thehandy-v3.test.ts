import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thehandyV3Firmware } from '../../../plugins/hardware-simulated/firmware/thehandy-v3.js';
import { messageIn, messageOf, numberIn } from '../../../plugins/hardware-simulated/protobuf.js';
import { bool, embedded, float, uint32 } from '../../../plugins/protocols/protobuf.js';
import { thehandyV3 } from '../../../plugins/protocols/thehandy-v3.js';
import {
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  openProtocol,
  openSimulated,
  toHex,
} from '../../support/protocol-harness.js';

const answer = (endpoint: string, _data: Uint8Array, link: FakeLink) => {
  if (endpoint === 'tx') link.notify('rx', fromHex('08 04 22 02 08 01'));
};
const open = (name: string) => openProtocol(thehandyV3, { name, answer });
const GREETING = ['subscribe rx', 'tx: 08 01 12 05 10 01 b2 2c 00', 'tx: 08 01 12 05 10 02 ca 2c 00'];

describe('thehandy-v3', () => {
  it.each([
    ['OHD_hw4_1234', 'hw4', 'The Handy 2 Pro'],
    ['OHD_hw3_1234', 'hw3', 'The Handy 2 Standard'],
    ['OHD_hw1_12_34', 'hw1', 'The Oh!'],
    ['OHD_hw0_1234', 'hw0', 'The Handy (FW4+)'],
    ['OHD_hw2_', 'hw2', 'The Handy (FW4+)'],
    ['OHD_hw4', 'unknown', 'The Handy (FW4+)'],
  ])('sees in the name %s that it is %s: %s', async (name, identifier, model) => {
    const driver = await open(name);
    expect(driver.identifier).toBe(identifier);
    expect(driver.model).toMatchObject({ name: model, messageGapMs: 50 });
    expect(driver.link.take()).toEqual(GREETING);
  });

  it('goes on without answers', async () => {
    const silent = await openProtocol(thehandyV3, { name: 'OHD_hw0_1' });
    expect(silent.link.take()).toEqual(GREETING);
    expect(silent.clock.now()).toBe(4000);
    expect(silent.clock.waiting).toBe(0);
  });

  it('gives up a device that goes away', async () => {
    const leaving = (_endpoint: string, _data: Uint8Array, link: FakeLink) => link.lose();
    await expect(openProtocol(thehandyV3, { name: 'OHD_hw0_1', answer: leaving })).rejects.toThrow('went away');
  });

  it('sends moves, each with a number of its own', async () => {
    const driver = await open('OHD_hw4_1');
    const move = (position: number, duration: number) => driver.drive(0, 'HwPositionWithDuration', position, duration);
    expect(move(50, 500)).toEqual(['08 01 12 0f 10 02 c2 2e 0a 0d 00 00 00 3f 10 f4 03 18 01']);
    expect(move(0, 500)).toEqual(['08 01 12 0a 10 03 c2 2e 05 10 f4 03 18 01']);
    expect(move(100, 1000)).toEqual(['08 01 12 0f 10 04 c2 2e 0a 0d 00 00 80 3f 10 e8 07 18 01']);
    expect(move(33, 100)).toEqual(['08 01 12 0e 10 05 c2 2e 09 0d c3 f5 a8 3e 10 64 18 01']);
    expect(driver.order(0, 'HwPositionWithDuration', 1, 1)).toMatchObject([{ slot: 0, withResponse: true }]);
    for (let id = 7; id < 300; id += 1) move(1, 1);
    expect(move(75, 250)).toEqual(['08 01 12 10 10 ac 02 c2 2e 0a 0d 00 00 40 3f 10 fa 01 18 01']);
    expect(driver.stop()).toEqual([]);
  });

  it('vibrates and stops', async () => {
    const driver = await open('OHD_hw1_1');
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['08 01 12 0c 10 02 a2 38 07 0d 00 00 00 3f 10 64']);
    expect(driver.drive(0, 'Vibrate', 100)).toEqual(['08 01 12 0c 10 03 a2 38 07 0d 00 00 80 3f 10 64']);
    expect(driver.stop()).toEqual(['08 01 12 05 10 04 aa 38 00']);
  });

  it('is kept alive with a complete message', () => {
    const keepalive = thehandyV3.keepalive;
    expect(keepalive?.kind === 'packet' && toHex(keepalive.write.data)).toBe('08 01 12 05 10 01 ca 2c 00');
  });

  it('drives the simulated devices', async () => {
    await expectFirmwareFollows(thehandyV3, thehandyV3Firmware);
    const { driver, firmware, toy } = await openSimulated(thehandyV3, thehandyV3Firmware, 'hw3');
    expect(driver.clock.now()).toBe(0);
    const heard: string[] = [];
    driver.link.on('notification', (_endpoint, data) => heard.push(toHex(data)));
    firmware.write('tx', fromHex('08 01 12 05 10 07 b2 2c 00'));
    firmware.write('tx', fromHex('08 01 12 05 10 08 ca 2c 00'));
    expect(heard).toEqual(['08 04 22 09 08 07 b2 2c 04 0a 02 08 53', '08 04 22 06 08 08 12 02 08 01']);
    driver.drive(0, 'HwPositionWithDuration', 40, 100);
    for (const junk of ['', '08', '08 01 12 0f 10 02', '10 01 ca 2c 00', '08 04 12 0a 10 03 c2 2e 05 10 f4 03 18 01']) {
      firmware.write('tx', fromHex(junk));
    }
    firmware.write('rx', fromHex('08 01 12 0a 10 03 c2 2e 05 10 f4 03 18 01'));
    expect(toy.target(0)).toBe(40);
  });
});

describe('protobuf', () => {
  const fieldNumber = fc.integer({ min: 1, max: 0x1fff_ffff });
  const uint = fc.integer({ min: 0, max: 0xffff_ffff });
  const toyReads = (bytes: readonly number[]) => Uint8Array.from(bytes);

  it.each([
    [0, ''],
    [1, '08 01'],
    [127, '08 7f'],
    [128, '08 80 01'],
    [300, '08 ac 02'],
    [0xffff_ffff, '08 ff ff ff ff 0f'],
  ])('writes %i', (value, bytes) => {
    expect(toHex(uint32(1, value))).toBe(bytes);
  });

  it('writes numbers that are read again', () => {
    fc.assert(
      fc.property(
        fieldNumber,
        uint,
        fc.float({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (field, value, real, truth) => {
          expect(numberIn(toyReads(uint32(field, value)), field)).toBe(value);
          expect(numberIn(toyReads(float(field, real)), field)).toBe(real);
          expect(numberIn(toyReads(bool(field, truth)), field)).toBe(truth ? 1 : 0);
        },
      ),
    );
  });

  it('writes messages in messages, of any length', () => {
    fc.assert(
      fc.property(fieldNumber, fc.array(uint, { maxLength: 60 }), (field, values) => {
        const inner = values.flatMap((value) => uint32(7, value));
        const message = toyReads([...uint32(field === 1 ? 2 : 1, 5), ...embedded(field, inner)]);
        expect(messageIn(message, field)).toEqual(toyReads(inner));
        expect(toHex(messageOf({ [field]: toyReads(inner) }))).toBe(toHex(embedded(field, inner)));
      }),
    );
  });

  it('is never confused by anything for long', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(typeof numberIn(bytes, 1)).toBe('number');
        messageIn(bytes, 2);
      }),
      { numRuns: 500 },
    );
  });
});
