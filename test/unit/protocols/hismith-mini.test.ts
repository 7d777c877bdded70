import { features, model, oscillate, vibrate } from 'pulsegate/plugin';
import { describe, expect, it, vi } from 'vitest';
import { hismithMiniFirmware } from '../../../plugins/hardware-simulated/firmware/hismith-mini.js';
import { hismithMini } from '../../../plugins/protocols/hismith-mini.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const open = (model: string) => openProtocol(hismithMini, { name: 'HISMITH S1', reads: { rxblemodel: model } });

describe('hismith-mini', () => {
  it.each([
    ['40 01', 'Auxfun Sex Machine'],
    ['11 02', 'Hismith Sex Machine'],
    ['22 05', 'Sinloli Aston'],
    ['99 99', 'Hismith Mini device'],
    ['40 01 00', 'Hismith Mini device'],
  ])('reads model %s: %s', async (model, name) => {
    const driver = await open(model);
    expect(driver.model.name).toBe(name);
    expect(driver.link.take()).toEqual(['read rxblemodel']);
  });

  it('cannot be opened without a model', async () => {
    await expect(openProtocol(hismithMini, { name: 'HISMITH S1' })).rejects.toThrow(/rxblemodel/);
  });

  it('drives machines with one motor', async () => {
    const driver = await open('40 01');
    expect(driver.drive(0, 'Oscillate', 50)).toEqual(['cc 03 32 35']);
    expect(driver.stop()).toEqual(['cc 03 00 03']);
    expect(driver.order(0, 'Oscillate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it.each([
    ['22 01', 'Constrict', 'Vibrate'],
    ['21 01', 'Constrict', 'Vibrate'],
    ['31 01', 'Vibrate', 'Vibrate'],
    ['31 02', 'Oscillate', 'Vibrate'],
    ['22 04', 'Oscillate', 'Constrict'],
    ['22 02', 'Oscillate', 'Vibrate'],
  ] as const)('drives the two motors of %s: %s and %s', async (model, first, second) => {
    const driver = await open(model);
    expect(driver.drive(0, first, 10)).toEqual(['cc 03 0a 0d']);
    expect(driver.drive(1, second, 50)).toEqual(['cc 05 32 37']);
    expect(driver.stop()).toEqual(['cc 03 00 03', 'cc 05 00 05']);
  });

  it('oscillates under any index, and leaves that motor alone when it vibrates', async () => {
    const moved = model('3102', 'Moved', features(vibrate(100), oscillate(100)));
    const driver = await openProtocol({ ...hismithMini, models: [moved] }, { reads: { rxblemodel: '31 02' } });
    expect(driver.drive(1, 'Oscillate', 10)).toEqual(['cc 03 0a 0d']);
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['cc 05 32 37']);
    expect(driver.stop()).toEqual(['cc 05 00 05', 'cc 03 00 03']);
  });

  it('sends speed and direction of a rotation, each in its own slot', async () => {
    const driver = await open('22 05');
    expect(driver.drive(0, 'Rotate', 50)).toEqual(['cc 03 32 35', 'cc 01 c0 c1']);
    expect(driver.drive(0, 'Rotate', -100)).toEqual(['cc 03 64 67', 'cc 01 c1 c2']);
    expect(driver.stop()).toEqual(['cc 03 00 03', 'cc 01 c0 c1']);
    expect(driver.order(0, 'Rotate', 1).map(({ slot }) => slot)).toEqual([0, 'direction']);
  });

  it('sprays once for 1 and not at all for 0, past the queue', async () => {
    const driver = await open('40 02');
    driver.link.take();
    expect(driver.order(0, 'Spray', 1)).toEqual([]);
    expect(driver.link.take()).toEqual(['tx: cc 0b 01 0c']);
    driver.stop();
    expect(driver.link.take()).toEqual([]);
  });

  it('survives a spray that fails', async () => {
    const driver = await open('40 02');
    driver.link.failing = true;
    expect(driver.order(0, 'Spray', 1)).toEqual([]);
    await driver.clock.advance(0);
  });

  it('drives the simulated toys', () =>
    expectFirmwareFollows(hismithMini, hismithMiniFirmware, { unlisted: '9999', momentary: ['Spray'] }));

  it('makes the simulated Piupiu spray', async () => {
    const { driver, toy } = await openSimulated(hismithMini, hismithMiniFirmware, '4002');
    const set = vi.spyOn(toy, 'set');
    driver.drive(0, 'Spray', 1);
    driver.drive(0, 'Spray', 0);
    expect(set.mock.calls).toEqual([
      [0, 'Spray', 1],
      [0, 'Spray', 0],
    ]);
  });

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(hismithMini, hismithMiniFirmware, '2204');
    const set = vi.spyOn(toy, 'set');
    for (const junk of [
      '',
      'cc',
      'cc 03 32',
      'cc 03 32 36',
      'aa 03 32 35',
      'cc 03 ff 02',
      'cc 0b 01 0c',
      'cc 01 c1 c2',
    ]) {
      firmware.write('tx', fromHex(junk));
    }
    firmware.write('other', fromHex('cc 03 32 35'));
    expect(set).not.toHaveBeenCalled();
    expect(firmware.read?.('tx')).toBeUndefined();
  });
});
