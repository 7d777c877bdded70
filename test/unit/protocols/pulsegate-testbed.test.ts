import { describe, expect, it } from 'vitest';
import { INPUT_TYPES, OUTPUT_TYPES, type OutputType } from '../../../core/protocol/model.js';
import { pulsegateTestbedFirmware } from '../../../plugins/hardware-simulated/firmware/pulsegate-testbed.js';
import { pulsegateTestbed } from '../../../plugins/protocols/pulsegate-testbed.js';
import {
  type Driver,
  expectFirmwareFollows,
  fromHex,
  openProtocol,
  openSimulated,
} from '../../support/protocol-harness.js';

const open = () => openProtocol(pulsegateTestbed, { name: 'Pulsegate Testbed' });
const [PRESSURE, BUTTON] = [11, 12];

async function listen(driver: Driver, feature: number, type: 'Pressure' | 'Button'): Promise<number[]> {
  const readings: number[] = [];
  await driver.handler.subscribe?.(driver.input(feature, type), (value) => readings.push(value));
  return readings;
}

describe('pulsegate-testbed', () => {
  it('has every output there is, and the inputs devices have', async () => {
    const { model } = await open();
    expect(new Set(model.features.flatMap((feature) => Object.keys(feature.outputs)))).toEqual(new Set(OUTPUT_TYPES));
    expect(new Set(model.features.flatMap((feature) => Object.keys(feature.inputs)))).toEqual(
      new Set(INPUT_TYPES.filter((type) => type !== 'Depth' && type !== 'Position')),
    );
  });

  it.each<[number, OutputType, number, string]>([
    [0, 'Vibrate', 20, '01 00 00 14'],
    [1, 'Rotate', -20, '01 01 ff ec'],
    [2, 'Oscillate', 7, '01 02 00 07'],
    [3, 'Constrict', 5, '01 03 00 05'],
    [4, 'Temperature', -10, '01 04 ff f6'],
    [5, 'Led', 100, '01 05 00 64'],
    [6, 'Spray', 1, '01 06 00 01'],
    [7, 'Position', 100, '01 07 00 64'],
  ])('sets feature %i: %s', async (index, type, value, bytes) => {
    const driver = await open();
    expect(driver.drive(index, type, value)).toEqual([bytes]);
    expect(driver.order(index, type, value)).toMatchObject([{ slot: index, endpoint: 'tx', withResponse: false }]);
  });

  it('moves within a time', async () => {
    const driver = await open();
    expect(driver.drive(8, 'HwPositionWithDuration', 80, 1500)).toEqual(['02 08 00 50 05 dc']);
  });

  it('reports its sensors to those who listen', async () => {
    const driver = await open();
    const pressure = await listen(driver, PRESSURE, 'Pressure');
    const button = await listen(driver, BUTTON, 'Button');
    for (const packet of ['03 0b 03 e8', '03 0c 00 01', '03 0d 00 01', '03 0b 03', '04 0b 00 01', '']) {
      driver.link.notify('rx', fromHex(packet));
    }
    expect([pressure, button]).toEqual([[1000], [1]]);

    await driver.handler.unsubscribe?.(driver.input(PRESSURE, 'Pressure'));
    driver.link.notify('rx', fromHex('03 0b 00 05'));
    expect(pressure).toEqual([1000]);
    expect(driver.link.take()).toEqual(['subscribe rx']);
    await driver.handler.unsubscribe?.(driver.input(BUTTON, 'Button'));
    expect(driver.link.take()).toEqual(['unsubscribe rx']);
  });

  it('drives its simulated firmware', async () => {
    await expectFirmwareFollows(pulsegateTestbed, pulsegateTestbedFirmware, { runs: 200 });
    const { driver, toy, firmware } = await openSimulated(
      pulsegateTestbed,
      pulsegateTestbedFirmware,
      'Pulsegate Testbed',
    );
    const pressure = await listen(driver, PRESSURE, 'Pressure');
    firmware.sense?.(PRESSURE, 640);
    expect(pressure).toEqual([640]);
    expect(await driver.link.read('rxblebattery')).toEqual(Uint8Array.of(toy.battery));
    for (const junk of ['', '01', '01 00 00', '01 63 00 14', '02 08 00 50', '09 00 00 14']) {
      firmware.write('tx', fromHex(junk));
    }
    expect([toy.level(0, 'Vibrate'), toy.target(8)]).toEqual([0, undefined]);
  });
});
