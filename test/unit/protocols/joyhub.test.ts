import { features, LinkError, model, rotateBothWays, vibrate } from 'pulsegate/plugin';
import { describe, expect, it, vi } from 'vitest';
import { joyhubFirmware } from '../../../plugins/hardware-simulated/firmware/joyhub.js';
import { joyhub } from '../../../plugins/protocols/joyhub.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated, toHex } from '../../support/protocol-harness.js';

const open = (name: string) => openProtocol(joyhub, { name });
const SPRAY = 'tx: a0 24 01 00 01 ff';
const NO_SPRAY = 'tx: a0 24 00 00 00 00';

describe('joyhub', () => {
  it('knows 136 toys, each by its advertised name', async () => {
    expect(joyhub.models).toHaveLength(137);
    const driver = await open('J-Flamewing');
    expect(driver.model.name).toBe('JoyHub PhoenixGP');
    expect(driver.link.take()).toEqual([]);
  });

  it('sends all motors in one packet, each level at its index', async () => {
    const driver = await open('J-Petalwish2');
    driver.drive(0, 'Oscillate', 128);
    expect(driver.drive(2, 'Vibrate', 26)).toEqual(['a0 03 80 00 1a 00 aa']);
    expect(driver.order(0, 'Oscillate', 1)).toMatchObject([{ slot: 'motors', endpoint: 'tx', withResponse: false }]);
  });

  it('drives a RoseLin', async () => {
    const driver = await open('J-RoseLin');
    driver.drive(0, 'Vibrate', 128);
    expect(driver.drive(3, 'Rotate', 26)).toEqual(['a0 03 80 00 00 1a aa']);
    expect(driver.drive(4, 'Constrict', 4)).toEqual(['a0 07 01 00 04 ff']);
    expect(driver.stop()).toEqual(['a0 03 00 00 00 00 aa', 'a0 07 00 00 00 ff']);
    expect(driver.order(4, 'Constrict', 1)).toMatchObject([{ slot: 4 }]);
  });

  it('drives a Moon Horn, heater and all', async () => {
    const driver = await open('J-MoonHorn');
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['a0 03 80 00 00 00 aa']);
    expect(driver.drive(5, 'Constrict', 5)).toEqual(['a0 0d 00 00 05 ff']);
    expect(driver.drive(6, 'Temperature', 1)).toEqual(['a0 04 01 00 01 ff']);
    expect(driver.stop()).toEqual(['a0 03 00 00 00 00 aa', 'a0 0d 00 00 00 ff', 'a0 04 00 00 00 00']);
    expect(driver.order(6, 'Temperature', 0)).toMatchObject([{ slot: 6 }]);
  });

  it('switches the light of a Peacock', async () => {
    const driver = await open('J-Peacock');
    expect(driver.drive(6, 'Led', 1)).toEqual(['a0 14 01 00 01 ff']);
    expect(driver.drive(6, 'Led', 0)).toEqual(['a0 14 00 00 00 00']);
  });

  it('sprays for one second, past the queue', async () => {
    const driver = await open('J-Dodge');
    expect(driver.order(7, 'Spray', 1)).toEqual([]);
    await driver.clock.advance(999);
    expect(driver.link.take()).toEqual([SPRAY]);
    await driver.clock.advance(5000);
    expect(driver.link.take()).toEqual([NO_SPRAY]);
  });

  it('stops spraying when told to, once', async () => {
    const driver = await open('J-Dodge');
    driver.order(7, 'Spray', 1);
    await driver.clock.advance(500);
    driver.drive(7, 'Spray', 0);
    await driver.clock.advance(5000);
    expect(driver.link.take()).toEqual([SPRAY, NO_SPRAY]);
  });

  it('turns one way, whatever a table says', async () => {
    const bothWays = model('J-Vita', 'Both Ways', features(vibrate(255), rotateBothWays(255)));
    const driver = await openProtocol({ ...joyhub, models: [bothWays] }, { name: 'J-Vita' });
    expect(driver.drive(0, 'Vibrate', 128)).toEqual(['a0 03 80 00 00 00 aa']);
    expect(driver.drive(1, 'Rotate', -255)).toEqual(['a0 03 80 ff 00 00 aa']);
    expect(driver.drive(1, 'Rotate', -1)).toEqual(['a0 03 80 01 00 00 aa']);
    expect(driver.stop()).toEqual(['a0 03 00 00 00 00 aa']);
  });

  it('lets a second spray last its full second', async () => {
    const driver = await open('J-Dodge');
    driver.order(7, 'Spray', 1);
    await driver.clock.advance(700);
    driver.order(7, 'Spray', 1);
    await driver.clock.advance(999);
    expect(driver.link.take()).toEqual([SPRAY, SPRAY]);
    await driver.clock.advance(1);
    expect(driver.link.take()).toEqual([NO_SPRAY]);
  });

  it('tries again to end a spray that the toy did not end', async () => {
    const driver = await open('J-Dodge');
    let refusals = 2;
    const { link } = driver;
    link.write = async (endpoint, data) => {
      if (toHex(data) === NO_SPRAY.slice(4) && refusals-- > 0) throw new LinkError('refused');
      link.deliver(endpoint, data, false);
    };
    driver.order(7, 'Spray', 1);
    await driver.clock.advance(5000);
    expect(link.take()).toEqual([SPRAY, NO_SPRAY]);
    expect(driver.clock.waiting).toBe(0);
  });

  it.each([
    ['refuses', () => Promise.reject(new LinkError('refused'))],
    ['never takes', () => new Promise<void>(() => {})],
  ])('takes the link for broken when the toy %s the end of a spray', async (_what, write) => {
    const driver = await open('J-Dodge');
    driver.order(7, 'Spray', 1);
    driver.link.write = write;
    const disconnect = vi.spyOn(driver.link, 'disconnect');
    await driver.clock.advance(1000);
    await driver.clock.advance(9000);
    expect(disconnect).toHaveBeenCalledTimes(1);
    expect(driver.clock.waiting).toBe(0);
  });

  it('does not cut a new spray short with what was to end the one before', async () => {
    const driver = await open('J-Dodge');
    driver.order(7, 'Spray', 1);
    driver.link.write = () => new Promise<void>(() => {});
    await driver.clock.advance(2000);
    Reflect.deleteProperty(driver.link, 'write');
    driver.link.take();
    driver.order(7, 'Spray', 1);
    await driver.clock.advance(500);
    expect(driver.link.take()).toEqual([SPRAY]);
    await driver.clock.advance(9000);
    expect(driver.link.take()).toEqual([NO_SPRAY]);
  });

  it('leaves no timer behind, and survives a spray that fails', async () => {
    const driver = await open('J-Dodge');
    driver.link.failing = true;
    driver.order(7, 'Spray', 1);
    driver.close();
    await driver.clock.advance(0);
    expect(driver.clock.waiting).toBe(0);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(joyhub, joyhubFirmware, { unlisted: null }));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(joyhub, joyhubFirmware, 'J-RoseLin');
    const set = vi.spyOn(toy, 'set');
    for (const junk of [
      '',
      'a0',
      'a0 03 80 80 80 80',
      'a0 03 80 80 80 80 ff',
      'a1 03 80 80 80 80 aa',
      'a0 0d 00 00 05 ff',
    ]) {
      firmware.write('tx', fromHex(junk));
    }
    firmware.write('other', fromHex('a0 07 01 00 04 ff'));
    expect(set).not.toHaveBeenCalled();
  });
});
