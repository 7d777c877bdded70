import { describe, expect, it } from 'vitest';
import { kizunaFirmware } from '../../../plugins/hardware-simulated/firmware/kizuna.js';
import { kizuna } from '../../../plugins/protocols/kizuna.js';
import {
  asText,
  expectFirmwareFollows,
  fromHex,
  openProtocol,
  openSimulated,
  toHex,
} from '../../support/protocol-harness.js';

describe('kizuna', () => {
  it('sends its level as a line', async () => {
    const driver = await openProtocol(kizuna, { name: 'default' });
    expect(driver.model.name).toBe('Kizuna Smart');
    expect(driver.drive(0, 'Rotate', 5)).toEqual(['35 0d 0a']);
    expect(driver.drive(0, 'Rotate', 9)).toEqual(['39 0d 0a']);
    expect(asText(driver.drive(0, 'Rotate', -5))).toEqual(['5\r\n']);
    expect(driver.stop()).toEqual(['30 0d 0a']);
    expect(driver.order(0, 'Rotate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('drives its simulated firmware, which takes nothing but whole lines', async () => {
    await expectFirmwareFollows(kizuna, kizunaFirmware);
    const { driver, toy, firmware } = await openSimulated(kizuna, kizunaFirmware, '');
    const answers: string[] = [];
    driver.link.on('notification', (_endpoint, data) => answers.push(toHex(data)));
    await driver.link.subscribe('rx');
    for (const junk of ['0a', '37 0a', '37 37 0d 0a', '2b 0d 0a', '3f 0d 0a', '37'])
      firmware.write('tx', fromHex(junk));
    expect(toy.level(0, 'Rotate')).toBe(0);
    firmware.write('tx', fromHex('0d 0a'));
    expect(toy.level(0, 'Rotate')).toBe(7);
    expect(answers).toEqual(['3f 30 30 0d']);
  });
});
