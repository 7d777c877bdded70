import { DeviceError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { lovenseConnectServiceFirmware } from '../../../plugins/hardware-simulated/firmware/lovense-connect-service.js';
import { lovenseConnectService } from '../../../plugins/protocols/lovense-connect-service.js';
import { asText, expectFirmwareFollows, openProtocol } from '../../support/protocol-harness.js';

const open = (identifier: string) => openProtocol(lovenseConnectService, { identifier, reads: { rx: '2a' } });

describe('lovense-connect-service', () => {
  it('asks the app for one motor at a time', async () => {
    const driver = await open('Edge');
    expect(asText(driver.drive(1, 'Vibrate', 5))).toEqual(['Vibrate2?v=5&t=fake-address']);
    expect(asText(driver.stop())).toEqual(['Vibrate1?v=0&t=fake-address', 'Vibrate2?v=0&t=fake-address']);
    expect(await driver.read(2, 'Battery')).toBe(42);
  });

  it('has an order for each kind of motor', async () => {
    expect(asText((await open('Gravity')).drive(1, 'Oscillate', 7))).toEqual(['Thrusting?v=7&t=fake-address']);
    expect(asText((await open('XMachine')).drive(0, 'Oscillate', 7))).toEqual(['Vibrate1?v=7&t=fake-address']);
    expect(asText((await open('Max')).drive(1, 'Constrict', 3))).toEqual(['AirAuto?v=3&t=fake-address']);
  });

  it('turns around only where the direction changes, and not for a speed that never sets out', async () => {
    const driver = await open('Nora');
    const asked = () => asText(driver.link.take().map((line) => line.replace('tx: ', '')));
    const turn = (speed: number) => {
      driver.drive(1, 'Rotate', speed);
      return asked();
    };
    expect(turn(5)).toEqual(['Rotate?v=5&t=fake-address']);
    expect(turn(-6)).toEqual(['RotateChange?t=fake-address', 'Rotate?v=6&t=fake-address']);
    expect(turn(-7)).toEqual(['Rotate?v=7&t=fake-address']);
    expect(turn(0)).toEqual(['Rotate?v=0&t=fake-address']);
    expect(turn(7)).toEqual(['RotateChange?t=fake-address', 'Rotate?v=7&t=fake-address']);
    driver.order(1, 'Rotate', -20);
    expect(turn(8)).toEqual(['Rotate?v=8&t=fake-address']);
    driver.link.failing = true;
    expect(turn(-8)).toEqual(['Rotate?v=8&t=fake-address']);
    await driver.clock.advance(0);
  });

  it('prepares the Solace', async () => {
    const driver = await open('Solace');
    expect(driver.link.take()).toHaveLength(1);
    expect(asText(driver.drive(0, 'Oscillate', 3))).toEqual(['Thrusting?v=3&t=fake-address']);
  });

  it('says so when the app does not know the charge', async () => {
    const driver = await openProtocol(lovenseConnectService, { identifier: 'Lush', reads: { rx: '' } });
    await expect(driver.read(1, 'Battery')).rejects.toThrow(DeviceError);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(lovenseConnectService, lovenseConnectServiceFirmware));
});
