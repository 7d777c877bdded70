import { DeviceError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { kgoalBoostFirmware } from '../../../plugins/hardware-simulated/firmware/kgoal-boost.js';
import { kgoalBoost } from '../../../plugins/protocols/kgoal-boost.js';
import { type Driver, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const open = () => openProtocol(kgoalBoost, { name: 'Boost' });

async function listen(driver: Driver, feature: number): Promise<number[]> {
  const readings: number[] = [];
  await driver.handler.subscribe?.(driver.input(feature, 'Pressure'), (value) => readings.push(value));
  return readings;
}

const stopListening = (driver: Driver, feature: number) =>
  driver.handler.unsubscribe?.(driver.input(feature, 'Pressure'));

describe('kgoal-boost', () => {
  it('has no outputs, and leaves the battery to the standard service', async () => {
    const driver = await open();
    expect(driver.model.name).toBe('KGoal Boost');
    expect(driver.link.take()).toEqual([]);
    expect(driver.handler.read).toBeUndefined();
    expect(driver.link.endpoints.has('rxblebattery')).toBe(true);
    expect(() => driver.drive(0, 'Vibrate', 1)).toThrow(DeviceError);
  });

  it('reports each reading once, the first even when it is 0', async () => {
    const driver = await open();
    const normalized = await listen(driver, 0);
    const raw = await listen(driver, 1);
    for (const packet of [
      '00 01 04 00 00 05 d3',
      '00 01 04 00 00 05 d4',
      '00 01 04 01 02 05 d4',
      '00 01 04 09 09 09',
    ]) {
      driver.link.notify('rxpressure', fromHex(packet));
    }
    expect(normalized).toEqual([0, 0x0102]);
    expect(raw).toEqual([1491, 1492]);
  });

  it('is subscribed as long as somebody listens', async () => {
    const driver = await open();
    await listen(driver, 1);
    await listen(driver, 0);
    await stopListening(driver, 1);
    expect(driver.link.take()).toEqual(['subscribe rxpressure']);
    await stopListening(driver, 0);
    await stopListening(driver, 0);
    expect(driver.link.take()).toEqual(['unsubscribe rxpressure']);
  });

  it('does not double readings after listening again', async () => {
    const driver = await open();
    await listen(driver, 0);
    await stopListening(driver, 0);
    const readings = await listen(driver, 0);
    driver.link.notify('rxpressure', fromHex('00 01 04 00 07 00 00'));
    expect(readings).toEqual([7]);
  });

  it('hears its simulated firmware', async () => {
    const { driver, toy, firmware } = await openSimulated(kgoalBoost, kgoalBoostFirmware, '');
    const normalized = await listen(driver, 0);
    const raw = await listen(driver, 1);
    firmware.sense?.(0, 1000);
    firmware.sense?.(1, 1500);
    expect([normalized, raw]).toEqual([[1000], [0, 1500]]);
    expect(await driver.link.read('rxblebattery')).toEqual(Uint8Array.of(toy.battery));
    driver.close();
  });
});
