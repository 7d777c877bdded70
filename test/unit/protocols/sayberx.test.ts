import { describe, expect, it } from 'vitest';
import { sayberxFirmware } from '../../../plugins/hardware-simulated/firmware/sayberx.js';
import { sayberx } from '../../../plugins/protocols/sayberx.js';
import { asText, expectFirmwareFollows, openProtocol, openSimulated } from '../../support/protocol-harness.js';

describe('sayberx', () => {
  it('sends its speed as text', async () => {
    const driver = await openProtocol(sayberx, { name: 'SayberX' });
    expect(sayberx.status).toBe('unverified');
    expect(driver.drive(0, 'Vibrate', 2)).toEqual(['41 54 2b 53 50 44 32 30']);
    expect(asText(driver.drive(0, 'Vibrate', 4))).toEqual(['AT+SPD40']);
    expect(asText(driver.stop())).toEqual(['AT+SPD00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
  });

  it('knows a ring by the beginning of its name, and has nothing to tell it', async () => {
    const driver = await openProtocol(sayberx, { name: 'X-Ring 0F313B' });
    expect([driver.identifier, driver.model.name]).toEqual(['X-Ring', 'Sayber X-Ring']);
    expect([driver.stop(), driver.link.take()]).toEqual([[], []]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(sayberx, sayberxFirmware));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(sayberx, sayberxFirmware, 'SayberX');
    for (const junk of ['', 'AT+SPD4', 'AT+SPD41', 'AT+SPD400', 'at+spd40']) firmware.write('tx', Buffer.from(junk));
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
