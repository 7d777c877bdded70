import { describe, expect, it } from 'vitest';
import { vibratissimoFirmware } from '../../../plugins/hardware-simulated/firmware/vibratissimo.js';
import { vibratissimo } from '../../../plugins/protocols/vibratissimo.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated, toHex } from '../../support/protocol-harness.js';

const open = (model: string) =>
  openProtocol(vibratissimo, { name: 'Vibratissimo', reads: { rxblemodel: toHex(Buffer.from(model)) } });
const MODE = '03 ff';

describe('vibratissimo', () => {
  it.each([
    ['Licker', 'Vibratissimo Licker'],
    ['Womenizer', 'Vibratissimo Licker'],
    ['Rabbit', 'Vibratissimo Rabbit'],
    ['Rabbit\0', 'Vibratissimo Device'],
  ])('reads which model it is: %j', async (model, name) => {
    const driver = await open(model);
    expect(driver.model.name).toBe(name);
    expect(driver.identifier).toBe(model);
    expect(driver.link.take()).toEqual(['read rxblemodel']);
  });

  it('falls back on its name when the model is no text, and fails when there is none', async () => {
    const driver = await openProtocol(vibratissimo, { name: 'Vibratissimo', reads: { rxblemodel: 'ff fe' } });
    expect(driver.identifier).toBe('Vibratissimo');
    await expect(openProtocol(vibratissimo, { name: 'Vibratissimo' })).rejects.toThrow('nothing to read');
  });

  it('sets the mode before each set of levels', async () => {
    const single = await open('Unknown');
    single.link.take();
    single.drive(0, 'Vibrate', 128);
    expect(single.link.take()).toEqual([`txmode: ${MODE}`, 'txvibrate: 80 00']);
    const licker = await open('SecretKiss');
    expect(licker.drive(0, 'Vibrate', 16)).toEqual([MODE, '10 00']);
    expect(licker.drive(1, 'Vibrate', 255)).toEqual([MODE, '10 ff']);
    expect(licker.stop()).toEqual([MODE, '00 00']);
    const rabbit = await open('Rabbit');
    expect(rabbit.drive(2, 'Vibrate', 2)).toEqual([MODE, '00 00 02']);
    expect(rabbit.order(2, 'Vibrate', 2).map(({ slot }) => slot)).toEqual(['device', 'device']);
  });

  it('leaves the battery to the standard service', async () => {
    const { handler, link } = await open('Rabbit');
    expect(handler.read).toBeUndefined();
    expect(link.endpoints.has('rxblebattery')).toBe(true);
  });

  it('drives the simulated toys', async () => {
    await expectFirmwareFollows(vibratissimo, vibratissimoFirmware);
    const { driver, firmware, toy } = await openSimulated(vibratissimo, vibratissimoFirmware, 'Licker');
    firmware.write('txvibrate', fromHex('10 10'));
    firmware.write('txmode', fromHex(MODE));
    for (const junk of ['', '10', '10 10 10']) firmware.write('txvibrate', fromHex(junk));
    expect(toy.level(0, 'Vibrate')).toBe(0);
    expect(await driver.link.read('rxblebattery')).toEqual(Uint8Array.of(toy.battery));
  });
});
