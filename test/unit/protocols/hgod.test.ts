import { describe, expect, it } from 'vitest';
import { hgodFirmware } from '../../../plugins/hardware-simulated/firmware/hgod.js';
import { hgod } from '../../../plugins/protocols/hgod.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('hgod', () => {
  it('repeats a speed ten times a second, counted from the last order', async () => {
    const driver = await openProtocol(hgod, { name: 'AMN NEO' });
    await driver.clock.advance(1000);
    expect(driver.link.take()).toEqual([]);
    driver.drive(0, 'Vibrate', 5);
    await driver.clock.advance(250);
    expect(driver.link.take()).toEqual(Array(3).fill('tx: 55 04 00 00 00 05'));
    driver.drive(0, 'Vibrate', 10);
    await driver.clock.advance(100);
    expect(driver.link.take()).toEqual(Array(2).fill('tx: 55 04 00 00 00 0a'));
  });

  it('says that it is off, and falls silent', async () => {
    const driver = await openProtocol(hgod, { name: 'AMN NEO' });
    driver.drive(0, 'Vibrate', 10);
    expect(driver.stop()).toEqual(['55 03 01 00 00 00']);
    expect(driver.clock.waiting).toBe(0);
    driver.link.take();
    await driver.clock.advance(1000);
    expect(driver.link.take()).toEqual([]);
    expect(driver.order(0, 'Vibrate', 0)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: false }]);
  });

  it('goes on after a packet that was not taken, and leaves nothing behind when the toy is gone', async () => {
    const driver = await openProtocol(hgod, { name: 'AMN NEO' });
    driver.drive(0, 'Vibrate', 3);
    driver.link.failing = true;
    await driver.clock.advance(200);
    driver.link.failing = false;
    driver.link.take();
    await driver.clock.advance(100);
    expect(driver.link.take()).toEqual(['tx: 55 04 00 00 00 03']);
    driver.close();
    expect(driver.clock.waiting).toBe(0);
  });

  it('sends no late repetition when a stop overtakes one that is on its way', async () => {
    const driver = await openProtocol(hgod, { name: 'AMN NEO' });
    const taken = Promise.withResolvers<void>();
    driver.link.write = async (endpoint, data) => {
      driver.link.deliver(endpoint, data, false);
      await taken.promise;
    };
    driver.drive(0, 'Vibrate', 3);
    await driver.clock.advance(100);
    driver.stop();
    taken.resolve();
    await driver.clock.advance(1000);
    expect(driver.link.take().at(-1)).toBe('tx: 55 03 01 00 00 00');
    expect(driver.clock.waiting).toBe(0);
  });

  it('drives its simulated firmware, which ignores junk', async () => {
    await expectFirmwareFollows(hgod, hgodFirmware);
    const { driver, toy, firmware } = await openSimulated(hgod, hgodFirmware, '');
    driver.drive(0, 'Vibrate', 4);
    for (const junk of ['', '55 04', '55 04 00 00 00 10', '54 04 00 00 00 01', '55 03 01 00 02 00']) {
      firmware.write('tx', fromHex(junk));
    }
    expect(toy.level(0, 'Vibrate')).toBe(4);
    firmware.write('tx', fromHex('55 04 00 00 00 00'));
    expect(toy.level(0, 'Vibrate')).toBe(0);
    driver.close();
  });
});
