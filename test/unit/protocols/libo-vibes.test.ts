import fc from 'fast-check';
import type { DeviceWrite } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { liboVibesFirmware } from '../../../plugins/hardware-simulated/firmware/libo-vibes.js';
import { liboVibes } from '../../../plugins/protocols/libo-vibes.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

/** What is left of these commands when they wait for the same gap. */
const merged = (commands: readonly (readonly DeviceWrite[])[]): DeviceWrite[] =>
  commands.reduce<DeviceWrite[]>((waiting, writes) => {
    const taken = new Set(writes.map(({ slot }) => slot));
    return [...waiting.filter(({ slot }) => !taken.has(slot)), ...writes];
  }, []);

describe('libo-vibes', () => {
  it('stops a motor at both endpoints', async () => {
    const driver = await openProtocol(liboVibes, { name: 'XiaoLu' });
    driver.drive(0, 'Vibrate', 50);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx: 32', 'tx: 00', 'txmode: 00']);
  });

  it('stops motor and suction together', async () => {
    const driver = await openProtocol(liboVibes, { name: 'BaiHu' });
    driver.drive(0, 'Vibrate', 100);
    driver.drive(1, 'Vibrate', 3);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx: 64', 'txmode: 03', 'tx: 00', 'txmode: 00', 'txmode: 00']);
  });

  it('leaves the suction on when only the motor stops', async () => {
    const driver = await openProtocol(liboVibes, { name: 'BaiHu' });
    driver.drive(0, 'Vibrate', 100);
    driver.drive(1, 'Vibrate', 2);
    driver.link.take();
    driver.drive(0, 'Vibrate', 0);
    expect(driver.link.take()).toEqual(['tx: 00', 'txmode: 00', 'txmode: 02']);
  });

  it('does what it was told last, whichever commands wait together', async () => {
    const level = fc.integer({ min: 0, max: 3 });
    const order = fc.record({ feature: fc.constantFrom(0, 1), level });
    await fc.assert(
      fc.asyncProperty(fc.array(order), fc.array(order, { minLength: 1, maxLength: 5 }), async (before, together) => {
        const { driver, toy, firmware } = await openSimulated(liboVibes, liboVibesFirmware, 'Haima');
        for (const { feature, level } of before) driver.drive(feature, 'Vibrate', level);
        const commands = together.map(({ feature, level }) => driver.order(feature, 'Vibrate', level));
        for (const { endpoint, data } of merged(commands)) firmware.write(endpoint, data);
        expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([0, 1].map(driver.levels.at));
      }),
    );
  });

  it('drives the simulated toys, which ignore junk', async () => {
    await expectFirmwareFollows(liboVibes, liboVibesFirmware, { unlisted: null });
    const { toy, firmware } = await openSimulated(liboVibes, liboVibesFirmware, 'Yuyi');
    for (const junk of ['', '65', '01 02']) firmware.write('tx', fromHex(junk));
    firmware.write('txmode', fromHex('03'));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([0, 0]);
  });

  it('takes Yuyi for the toy with the smaller range', async () => {
    const driver = await openProtocol(liboVibes, { name: 'Yuyi' });
    expect(driver.model.name).toBe('Libo Feather');
    expect(driver.feature(0).outputs.Vibrate?.value).toEqual([0, 99]);
  });
});
