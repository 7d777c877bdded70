import { describe, expect, it } from 'vitest';
import { svakomIkerFirmware } from '../../../plugins/hardware-simulated/firmware/svakom-iker.js';
import { svakomIker } from '../../../plugins/protocols/svakom-iker.js';
import { expectFirmwareFollows, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const open = () => openProtocol(svakomIker, { name: 'Iker' });

describe('svakom-iker', () => {
  it('needs no preparation', async () => {
    const driver = await open();
    expect(driver.model.name).toBe('Svakom Iker');
    expect(driver.link.take()).toEqual([]);
  });

  it('sends each motor its own packet in its own slot', async () => {
    const driver = await open();
    expect(driver.drive(0, 'Vibrate', 5)).toEqual(['55 03 03 00 01 05']);
    expect(driver.drive(1, 'Vibrate', 3)).toEqual(['55 07 00 00 03 00']);
    expect(driver.order(0, 'Vibrate', 8).map(({ slot }) => slot)).toEqual([0]);
    expect(driver.order(1, 'Vibrate', 2).map(({ slot }) => slot)).toEqual([1]);
    expect(driver.link.take()).toEqual(['tx: 55 03 03 00 01 05', 'tx: 55 07 00 00 03 00']);
  });

  it('starts the pulsator again after the vibrator has stopped', async () => {
    const driver = await open();
    driver.drive(0, 'Vibrate', 8);
    driver.drive(1, 'Vibrate', 3);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['55 03 03 00 01 00', '55 07 00 00 03 00']);
  });

  it('stops the vibrator when the pulsator is off, and both when everything stops', async () => {
    const driver = await open();
    driver.drive(0, 'Vibrate', 8);
    expect(driver.drive(0, 'Vibrate', 0)).toEqual(['55 03 03 00 01 00']);
    driver.drive(1, 'Vibrate', 3);
    expect(driver.drive(1, 'Vibrate', 0)).toEqual(['55 07 00 00 00 00', '55 03 03 00 01 00']);
  });

  it('stops the pulsator alone', async () => {
    const driver = await open();
    driver.drive(0, 'Vibrate', 8);
    driver.drive(1, 'Vibrate', 3);
    expect(driver.drive(1, 'Vibrate', 0)).toEqual(['55 07 00 00 00 00']);
  });

  it('drives its simulated firmware', async () => {
    await expectFirmwareFollows(svakomIker, svakomIkerFirmware, { runs: 100 });
    const { toy, firmware } = await openSimulated(svakomIker, svakomIkerFirmware, '');
    for (const junk of [[], [0x55], [0x55, 0x03, 0, 0, 1], [0x54, 0x03, 0x03, 0, 1, 9]]) {
      firmware.write('tx', Uint8Array.from(junk));
    }
    expect(toy.level(0, 'Vibrate')).toBe(0);
  });
});
