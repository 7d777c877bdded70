import fc from 'fast-check';
import { LinkError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { nintendoJoyconFirmware } from '../../../plugins/hardware-simulated/firmware/nintendo-joycon.js';
import { nintendoJoycon } from '../../../plugins/protocols/nintendo-joycon.js';
import { type FakeLink, fromHex, openProtocol, openSimulated, toHex } from '../../support/protocol-harness.js';

const zeros = (count: number) => new Array<string>(count).fill('00').join(' ');
const NEUTRAL = `10 01 00 01 40 40 00 01 40 40 ${zeros(54)}`;

const open = () => openProtocol(nintendoJoycon, { identifier: 'Joy-Con (R)' });

describe('nintendo-joycon', () => {
  it('switches vibration on, and repeats its last packet for ever', async () => {
    const driver = await open();
    expect(driver.link.take()).toEqual([`tx: 01 00 ${zeros(8)} 48 01 ${zeros(52)}`]);
    expect(nintendoJoycon.keepalive).toEqual({ kind: 'repeat-last', everyMs: 15 });
  });

  it('gives up a controller that does not take its packet', async () => {
    const attach = (link: FakeLink) => {
      link.failing = true;
    };
    await expect(openProtocol(nintendoJoycon, { identifier: 'Joy-Con (R)', attach })).rejects.toThrow(LinkError);
  });

  it.each([
    [0, '00 01 40 40'],
    [1, '00 01 40 40'],
    [2, 'a8 00 4a 40'],
    [120, 'a8 00 4a 40'],
    [121, 'a8 22 ca 48'],
    [230, 'a8 3e ca 4f'],
    [231, 'a8 40 4a 50'],
    [250, 'a8 48 4a 52'],
    [500, 'a8 88 4a 62'],
    [750, 'a8 ae ca 6b'],
    [991, 'a8 c6 ca 71'],
    [1000, 'a8 c8 4a 72'],
  ])('sends level %i to both actuators', async (level, actuator) => {
    const driver = await open();
    driver.link.take();
    driver.drive(0, 'Vibrate', level);
    expect(driver.link.take()).toEqual([`tx: 10 01 ${actuator} ${actuator} ${zeros(54)}`]);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
    expect(driver.stop()).toEqual([NEUTRAL]);
  });

  it('orders the same of both bands, never more than the actuators bear', async () => {
    const driver = await open();
    const amplitudes = (level: number) => {
      const [high = 0, lowFrequency = 0, low = 0] = driver.order(0, 'Vibrate', level)[0]?.data.subarray(3, 6) ?? [];
      expect(level < 2 ? lowFrequency : lowFrequency & 0x7f).toBe(level < 2 ? 0x40 : 0x4a);
      return [high >> 1, 2 * (low - 0x40) + (lowFrequency >> 7)] as const;
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), (level) => {
        const [high, low] = amplitudes(level);
        expect(low).toBe(high);
        expect(high).toBeLessThanOrEqual(100);
        expect(amplitudes(level + 1)[0]).toBeGreaterThanOrEqual(high);
      }),
    );
  });

  it('drives the simulated controller, which has fewer strengths than there are levels', async () => {
    const { driver, toy } = await openSimulated(nintendoJoycon, nintendoJoyconFirmware, 'Joy-Con (R)');
    const packetOf = (level: number) => driver.order(0, 'Vibrate', level).map(({ data }) => toHex(data));
    fc.assert(
      fc.property(fc.integer({ min: 121, max: 1000 }), (level) => {
        driver.drive(0, 'Vibrate', level);
        expect(packetOf(toy.level(0, 'Vibrate'))).toEqual(packetOf(level));
      }),
    );
    driver.drive(0, 'Vibrate', 1000);
    expect(toy.level(0, 'Vibrate')).toBeGreaterThan(980);
    driver.stop();
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });

  it('has a simulated controller that ignores junk, and everything until it is switched on', async () => {
    const { driver, toy, firmware } = await openSimulated(nintendoJoycon, nintendoJoyconFirmware, 'Joy-Con (R)');
    driver.drive(0, 'Vibrate', 500);
    const before = toy.level(0, 'Vibrate');
    for (const junk of ['', NEUTRAL.slice(0, -3), `10 01 a8 c8 bc 72 a8 c8 bc 72 ${zeros(54)}`]) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.level(0, 'Vibrate')).toBe(before);
    firmware.write('tx', fromHex(`01 00 ${zeros(8)} 48 00 ${zeros(52)}`));
    firmware.write('tx', fromHex(NEUTRAL));
    expect(toy.level(0, 'Vibrate')).toBe(before);
  });
});
