import { describe, expect, it } from 'vitest';
import { letenFirmware } from '../../../plugins/hardware-simulated/firmware/leten.js';
import { leten } from '../../../plugins/protocols/leten.js';
import { expectFirmwareFollows, openProtocol, openSimulated, toHex } from '../../support/protocol-harness.js';

describe('leten', () => {
  it('greets the toy and repeats its last packet every second', async () => {
    const driver = await openProtocol(leten, { name: 'T528-LT' });
    expect(driver.model.name).toBe('Leten Device');
    expect(driver.link.take()).toEqual(['tx!: 04 01']);
    expect(leten.keepalive).toEqual({ kind: 'repeat-last', everyMs: 1000 });
  });

  it('vibrates with a response asked for', async () => {
    const driver = await openProtocol(leten, { name: 'F520A-LT' });
    driver.link.take();
    driver.drive(0, 'Vibrate', 13);
    driver.drive(0, 'Vibrate', 19);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx!: 02 0d', 'tx!: 02 13', 'tx!: 02 00']);
    expect(driver.order(0, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([0]);
  });

  it('drives its simulated firmware', async () => {
    await expectFirmwareFollows(leten, letenFirmware);
    const { driver, toy, firmware } = await openSimulated(leten, letenFirmware, '');
    const answers: string[] = [];
    driver.link.on('notification', (_endpoint, data) => answers.push(toHex(data)));
    await driver.link.subscribe('rx');
    for (const packet of [[0x04, 0x00], [0x04, 0x01], [], [0x02], [0x02, 0xff]]) {
      firmware.write('tx', Uint8Array.from(packet));
    }
    expect(answers).toEqual(['01', '0a']);
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
