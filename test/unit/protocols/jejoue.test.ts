import { describe, expect, it } from 'vitest';
import { jejoueFirmware } from '../../../plugins/hardware-simulated/firmware/jejoue.js';
import { jejoue } from '../../../plugins/protocols/jejoue.js';
import { fromHex, matchesName, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('jejoue', () => {
  it('has one level, and says which motors it is for', async () => {
    const driver = await openProtocol(jejoue, { name: 'Je Joue' });
    expect(driver.drive(0, 'Vibrate', 3)).toEqual(['02 03']);
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['02 05']);
    expect(driver.drive(1, 'Vibrate', 2)).toEqual(['01 05']);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['03 02']);
    expect(driver.stop()).toEqual(['01 00']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: false }]);
  });

  it('drives its simulated firmware, whose motors stop one by one and together', async () => {
    const { driver, toy, firmware } = await openSimulated(jejoue, jejoueFirmware, '');
    const motors = () => [toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')];
    const driven = (feature: number, level: number) => {
      driver.drive(feature, 'Vibrate', level);
      return motors();
    };
    expect(matchesName(jejoue, toy.name)).toBe(true);
    expect(driven(1, 4)).toEqual([0, 4]);
    expect(driven(0, 2)).toEqual([2, 2]);
    expect(driven(1, 0)).toEqual([2, 0]);
    driver.drive(1, 'Vibrate', 1);
    expect(driven(0, 0)).toEqual([0, 1]);
    for (const junk of ['', '01', '01 06', '04 03', '01 03 00']) firmware.write('tx', fromHex(junk));
    expect(motors()).toEqual([0, 1]);
    driver.stop();
    expect(motors()).toEqual([0, 0]);
  });
});
