import { describe, expect, it, vi } from 'vitest';
import { foreoFirmware } from '../../../plugins/hardware-simulated/firmware/foreo.js';
import { foreo } from '../../../plugins/protocols/foreo.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('foreo', () => {
  it.each([
    ['FOFO', '01 01 05'],
    ['LUNA fofo', '01 01 05'],
    ['UFO3led', '01 01 05'],
    ['LUNA play smart 2', '01 03 05'],
    ['LUNA PLAYSMART2', '01 03 05'],
    ['LUNA PLAY SMART', '01 00 05'],
    ['LUNA MINI 3', '01 00 05'],
    ['BEAR2go', '01 00 05'],
    ['KIWI', '01 00 05'],
  ])('tells %s its family and the level', async (name, bytes) => {
    const driver = await openProtocol(foreo, { name });
    expect(driver.link.take()).toEqual([]);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual([bytes]);
    expect(driver.stop()).toEqual([bytes.replace('05', '00')]);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: true }]);
  });

  it.each([
    ['LUNA4 PLUS', 'Foreo LUNA 4 plus'],
    ['UFO MIN', 'Foreo UFO mini'],
    ['UFO3led', 'Foreo UFO 3 led'],
    ['UFO 9', 'Foreo Device'],
  ])('takes %s for %s', async (name, model) => {
    expect((await openProtocol(foreo, { name })).model.name).toBe(model);
  });

  it('has a model for every name', () => {
    const names = foreo.links.flatMap((link) => (link.kind === 'bluetooth' ? link.names : []));
    const known = new Set(foreo.models.flatMap(({ identifiers }) => identifiers));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('drives the simulated toys', async () => {
    // No toy advertises `UFO3eyes`.
    const models = foreo.models.map((model) => ({
      ...model,
      identifiers: model.identifiers.filter((identifier) => identifier !== 'UFO3eyes'),
    }));
    await expectFirmwareFollows(foreo, foreoFirmware, { models, unlisted: null });
  });

  it('has simulated toys that ignore junk', async () => {
    const { firmware, toy } = await openSimulated(foreo, foreoFirmware, 'BEAR');
    const set = vi.spyOn(toy, 'set');
    for (const junk of ['', '01 00', '01 01 05', '01 03 05', '02 00 05', '01 00 0b', '01 00 05 00'])
      firmware.write('tx', fromHex(junk));
    firmware.write('rx', fromHex('01 00 05 00'));
    expect(set).not.toHaveBeenCalled();
  });
});
