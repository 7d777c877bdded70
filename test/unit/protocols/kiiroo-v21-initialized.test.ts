import { describe, expect, it } from 'vitest';
import { kiirooV21InitializedFirmware } from '../../../plugins/hardware-simulated/firmware/kiiroo-v21-initialized.js';
import { kiirooV21Initialized } from '../../../plugins/protocols/kiiroo-v21-initialized.js';
import {
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  openProtocol,
  openSimulated,
} from '../../support/protocol-harness.js';

describe('kiiroo-v21-initialized', () => {
  it('moves a little when connected', async () => {
    const { link, model } = await openProtocol(kiirooV21Initialized, { name: 'Keon R2' });
    expect(model.name).toBe('Kiiroo Keon');
    expect(link.take()).toEqual(['tx!: 03 00 64 19', 'tx!: 03 00 64 00']);
  });

  it('does not connect when it cannot', async () => {
    const attach = (link: FakeLink) => {
      link.failing = true;
    };
    await expect(openProtocol(kiirooV21Initialized, { name: 'KEON', attach })).rejects.toThrow('refuses writes');
  });

  it('turns the time of a stroke into a speed', async () => {
    const driver = await openProtocol(kiirooV21Initialized, { name: 'Onyx+' });
    expect(driver.drive(0, 'HwPositionWithDuration', 99, 500)).toEqual(['03 00 28 63']);
    expect(driver.drive(0, 'HwPositionWithDuration', 49, 500)).toEqual(['03 00 13 31']);
    expect(driver.drive(0, 'HwPositionWithDuration', 0, 10)).toEqual(['03 00 63 00']);
    expect(driver.order(0, 'HwPositionWithDuration', 1, 100)).toMatchObject([{ slot: 0, withResponse: false }]);
    expect(driver.stop()).toEqual([]);
  });

  it.each(['Rey', 'We-Vibe Rocketman', 'Realm1.1'])('calls %s a Realm Edition', async (name) => {
    expect((await openProtocol(kiirooV21Initialized, { name })).model.name).toBe('Kiiroo Onyx+ Realm Edition');
  });

  it('drives the simulated toys', () =>
    expectFirmwareFollows(kiirooV21Initialized, kiirooV21InitializedFirmware, { unlisted: null }));

  it('has a simulated toy that ignores junk', async () => {
    const { firmware, toy } = await openSimulated(kiirooV21Initialized, kiirooV21InitializedFirmware, 'KEON');
    for (const packet of ['03 00 10', '03 00 65 32', '03 00 10 64', '01 00 10 32'])
      firmware.write('tx', fromHex(packet));
    expect(toy.target(0)).toBe(0);
  });
});
