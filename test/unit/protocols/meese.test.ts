import { describe, expect, it } from 'vitest';
import { meeseFirmware } from '../../../plugins/hardware-simulated/firmware/meese.js';
import { meese } from '../../../plugins/protocols/meese.js';
import { expectFirmwareFollows, openProtocol } from '../../support/protocol-harness.js';

describe('meese', () => {
  it('sends each motor its own packet, with a response asked for', async () => {
    const driver = await openProtocol(meese, { name: 'Meese-V389' });
    expect(driver.model.name).toBe('Meese Tera');
    driver.drive(0, 'Vibrate', 5);
    driver.drive(1, 'Vibrate', 2);
    expect(driver.link.take()).toEqual(['tx!: 01 80 01 05', 'tx!: 01 80 02 02']);
    expect(driver.order(1, 'Vibrate', 1).map(({ slot }) => slot)).toEqual([1]);
    expect(driver.stop()).toEqual(['01 80 01 00', '01 80 02 00']);
  });

  it('stops the toy with one motor by one packet', async () => {
    const driver = await openProtocol(meese, { name: 'Meese-cd' });
    expect(driver.model.name).toBe('Meese Modo');
    expect(driver.stop()).toEqual(['01 80 01 00']);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(meese, meeseFirmware, { unlisted: null }));
});
