import fc from 'fast-check';
import { DeviceError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { galakuFirmware } from '../../../plugins/hardware-simulated/firmware/galaku.js';
import { frame, galaku } from '../../../plugins/protocols/galaku.js';
import {
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  matchesName,
  openProtocol,
  openSimulated,
  toHex,
} from '../../support/protocol-harness.js';

const STOP = '23 81 bb ab d2 ec 3b 23 bb a3 3b 90';
const CHARGE_REQUEST = '23 81 bb ab d2 ce d3 23 bb a3 3b c2';

describe('galaku', () => {
  it('sends one level in a scrambled frame', async () => {
    const driver = await openProtocol(galaku, { name: 'GX21' });
    expect(driver.drive(0, 'Vibrate', 100)).toEqual(['23 81 bb ab d2 ec 57 23 bb a3 3b 44']);
    expect(driver.stop()).toEqual([STOP]);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: false }]);
  });

  it('sends two levels together', async () => {
    const driver = await openProtocol(galaku, { name: 'G339' });
    driver.drive(0, 'Vibrate', 50);
    expect(driver.drive(1, 'Rotate', 25)).toEqual(['23 81 bb ab d2 7b 44 61 44 c3 3b 2f']);
    expect(driver.stop()).toEqual(['23 81 bb ab d2 7b 44 33 bb a3 3b f2']);
  });

  it('speaks plainly with the Vision', async () => {
    const driver = await openProtocol(galaku, { name: 'AC695X_1(BLE)' });
    expect(driver.drive(0, 'Vibrate', 60)).toEqual(['aa 01 0a 03 3c 01 00 00 00 00 00 00 00 00 00 00']);
    expect(driver.stop()).toEqual(['aa 01 0a 03 00 00 00 00 00 00 00 00 00 00 00 00']);
  });

  it.each([
    ['a frame', [...frame([0x5a, 0, 0, 77, 0x13, 0, 0, 0, 0, 0])], 77],
    ['a byte', [64], 64],
    ['a byte that is how frames begin', [0x23], 0x23],
  ])('reads the charge from %s, after an empty answer', async (_what, answer, charge) => {
    const respond = (_endpoint: string, _data: Uint8Array, link: FakeLink) => {
      for (const data of [[], answer]) link.notify('rxblebattery', Uint8Array.from(data));
    };
    const driver = await openProtocol(galaku, { name: 'GX21', answer: respond });
    expect(await driver.read(1, 'Battery')).toBe(charge);
    expect(driver.link.take()).toEqual(['subscribe rxblebattery', `tx!: ${CHARGE_REQUEST}`]);
    await expect(driver.read(1, 'RSSI')).rejects.toThrow(DeviceError);
  });

  it('waits for another answer after a frame that is damaged', async () => {
    const whole = frame([0x5a, 0, 0, 77, 0x13, 0, 0, 0, 0, 0]);
    const answers = [Uint8Array.from([...whole.subarray(0, -1), 0x00]), whole];
    const respond = (_endpoint: string, _data: Uint8Array, link: FakeLink) => {
      for (const data of answers) link.notify('rxblebattery', data);
    };
    const driver = await openProtocol(galaku, { name: 'GX21', answer: respond });
    expect(await driver.read(1, 'Battery')).toBe(77);
    answers.pop();
    await expect(driver.read(1, 'Battery')).rejects.toThrow('did not tell its charge within 2000 ms');
  });

  it('gives up a toy that does not tell its charge', async () => {
    const driver = await openProtocol(galaku, { name: 'GX21' });
    await expect(driver.read(1, 'Battery')).rejects.toThrow('did not tell its charge within 2000 ms');
    expect(driver.clock.waiting).toBe(0);
  });

  it('has every frame opened by the simulated toys', async () => {
    const { driver, toy } = await openSimulated(galaku, galakuFirmware, 'G312');
    const level = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(level, level, (stroke, vibration) => {
        driver.drive(0, 'Oscillate', stroke);
        driver.drive(1, 'Vibrate', vibration);
        expect([toy.level(0, 'Oscillate'), toy.level(1, 'Vibrate')]).toEqual([stroke, vibration]);
      }),
    );
  });

  it('drives the simulated toys, and knows none twice', async () => {
    const models = galaku.models.filter(({ identifiers }) => identifiers.some((name) => matchesName(galaku, name)));
    await expectFirmwareFollows(galaku, galakuFirmware, { models, runs: 3 });
    const identifiers = galaku.models.flatMap((model) => model.identifiers);
    expect(new Set(identifiers).size).toBe(identifiers.length);
  });

  it('has simulated toys that tell their charge and ignore junk', async () => {
    const { driver, toy, firmware } = await openSimulated(galaku, galakuFirmware, 'AC695X_1(BLE)');
    for (const junk of ['', 'aa 01 0a 03 3c 01', toHex(frame([0x5a, 0, 0, 1, 0x31, 9, 0, 0, 0, 0])), `${STOP} 00`]) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.level(0, 'Vibrate')).toBe(0);
    expect(await driver.read(1, 'Battery')).toBe(toy.battery);
  });
});
