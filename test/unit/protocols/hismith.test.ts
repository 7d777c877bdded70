import { at, features, oscillate } from 'pulsegate/plugin';
import { describe, expect, it, vi } from 'vitest';
import { hismithFirmware } from '../../../plugins/hardware-simulated/firmware/hismith.js';
import { hismith } from '../../../plugins/protocols/hismith.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

/** The thruster second, as no built-in table has it. */
const MOVED = { identifiers: ['1001'], name: 'Moved', features: features(at(1, oscillate(100))) };

const open = (model: string) => openProtocol(hismith, { name: 'HISMITH', reads: { rxblemodel: model } });

describe('hismith', () => {
  it.each([
    ['20 01', 'Hismith Thrusting Cup'],
    ['30 01', 'Wildolo Device'],
    ['10 05', 'Hismith Sex Machine'],
    ['22 05', 'Sinloli Aston'],
    ['ab cd', 'Hismith Mini device'],
  ])('reads model %s: %s', async (model, name) => {
    const driver = await open(model);
    expect(driver.model.name).toBe(name);
    expect(driver.link.take()).toEqual(['read rxblemodel']);
  });

  it('drives the cup, each motor in its own slot', async () => {
    const driver = await open('20 01');
    expect(driver.drive(0, 'Oscillate', 50)).toEqual(['aa 04 32 36']);
    expect(driver.drive(0, 'Oscillate', 10)).toEqual(['aa 04 0a 0e']);
    expect(driver.drive(1, 'Vibrate', 1)).toEqual(['aa 06 01 07']);
    expect(driver.stop()).toEqual(['aa 04 00 04', 'aa 06 f0 f6']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 1, endpoint: 'tx', withResponse: false }]);
  });

  it('drives a Wildolo', async () => {
    const driver = await open('30 01');
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['aa 04 32 36']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['aa 04 00 04']);
  });

  it('oscillates under any index, for there is one motor for it', async () => {
    const driver = await openProtocol(
      { ...hismith, models: [MOVED] },
      { name: 'HISMITH', reads: { rxblemodel: '10 01' } },
    );
    expect(driver.drive(1, 'Oscillate', 50)).toEqual(['aa 04 32 36']);
    expect(driver.stop()).toEqual(['aa 04 00 04']);
  });

  it('speaks the newer language with newer machines', async () => {
    const driver = await open('10 05');
    expect(driver.drive(0, 'Oscillate', 50)).toEqual(['cc 03 32 35']);
    expect(driver.stop()).toEqual(['cc 03 00 03']);
  });

  it('drives the simulated toys', () =>
    expectFirmwareFollows(hismith, hismithFirmware, { unlisted: '9999', momentary: ['Spray'] }));

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(hismith, hismithFirmware, '1001');
    const set = vi.spyOn(toy, 'set');
    for (const junk of ['', 'aa', 'aa 04 32', 'aa 04 32 37', 'cc 04 32 36', 'aa 04 ff 03', 'aa 06 01 07']) {
      firmware.write('tx', fromHex(junk));
    }
    firmware.write('other', fromHex('aa 04 32 36'));
    expect(set).not.toHaveBeenCalled();
    expect(firmware.read?.('tx')).toBeUndefined();
  });
});
