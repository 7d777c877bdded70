import { describe, expect, it } from 'vitest';
import { patooFirmware } from '../../../plugins/hardware-simulated/firmware/patoo.js';
import { patoo } from '../../../plugins/protocols/patoo.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('patoo', () => {
  it.each([
    ['PTVEA2601', 'PTVEA', 'Patoo Carrot'],
    ['PCS', 'PCS', 'Patoo Vibrator'],
    ['PHT12A', 'PHT', 'Patoo Bean Sprout'],
    ['PBT1', 'PBT', 'Patoo Devil'],
    ['PTVEAX2', 'PTVEAX', 'Patoo Device'],
  ])('takes %s for %s, a %s', async (name, identifier, model) => {
    const driver = await openProtocol(patoo, { name });
    expect([driver.identifier, driver.model.name]).toEqual([identifier, model]);
    expect(driver.link.take()).toEqual([]);
  });

  it('sends the speed, then the mode, with responses asked for', async () => {
    const driver = await openProtocol(patoo, { name: 'PTVEA2601' });
    driver.drive(0, 'Vibrate', 50);
    expect(driver.link.take()).toEqual(['tx!: 32', 'txmode!: 04']);
    expect(driver.stop()).toEqual(['00', '00']);
  });

  it('has one speed for both motors, which is the first one’s while it runs', async () => {
    const driver = await openProtocol(patoo, { name: 'PBT2601' });
    expect(driver.drive(1, 'Vibrate', 30)).toEqual(['1e', '80']);
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['32', '04']);
    expect(driver.drive(1, 'Vibrate', 0)).toEqual(['32', '04']);
    driver.drive(1, 'Vibrate', 20);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['14', '80']);
    expect(driver.stop()).toEqual(['00', '00']);
    expect(driver.order(1, 'Vibrate', 1).map(({ slot }) => slot)).toEqual(['speed', 'mode']);
  });

  it('drives the simulated toys with one motor', () =>
    expectFirmwareFollows(patoo, patooFirmware, {
      unlisted: 'PCSX',
      models: patoo.models.filter(({ features }) => features.length === 1),
    }));

  it('drives the simulated toy with two, which ignores junk', async () => {
    const { driver, toy, firmware } = await openSimulated(patoo, patooFirmware, 'PBT');
    const levels = () => [toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')];
    expect(driver.model.name).toBe('Patoo Devil');
    driver.drive(1, 'Vibrate', 30);
    expect(levels()).toEqual([0, 30]);
    driver.drive(0, 'Vibrate', 50);
    expect(levels()).toEqual([50, 0]);
    for (const junk of ['', '65', '01 02']) firmware.write('tx', fromHex(junk));
    firmware.write('txmode', fromHex(''));
    driver.drive(0, 'Vibrate', 0);
    expect(levels()).toEqual([0, 30]);
    driver.stop();
    expect(levels()).toEqual([0, 0]);
  });
});
