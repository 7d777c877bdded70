import { describe, expect, it } from 'vitest';
import { xinputFirmware } from '../../../plugins/hardware-simulated/firmware/xinput.js';
import { xinput } from '../../../plugins/protocols/xinput.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const ANY_INPUT = { index: 0, description: '', outputs: {}, inputs: {} };
const battery = { feature: ANY_INPUT, type: 'Battery' } as const;

describe('xinput', () => {
  it('sends both motors, low bytes first, the second feature first', async () => {
    const driver = await openProtocol(xinput, { name: 'XInputController1' });
    expect(driver.model.name).toBe('XBox (XInput) Compatible Gamepad');
    expect(driver.drive(0, 'Vibrate', 0x8000)).toEqual(['00 00 00 80']);
    expect(driver.drive(1, 'Vibrate', 0xffff)).toEqual(['ff ff 00 80']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['00 00 00 00']);
  });

  it.each([
    ['00', 0],
    ['01', 33],
    ['02', 66],
    ['03', 100],
  ])('takes battery level %s for %i percent', async (rx, percent) => {
    const { handler } = await openProtocol(xinput, { name: 'XInputController1', reads: { rx } });
    expect(await handler.read?.(battery)).toBe(percent);
  });

  it.each(['', '04', 'ff'])('knows no battery level "%s"', async (rx) => {
    const { handler } = await openProtocol(xinput, { name: 'XInputController1', reads: { rx } });
    await expect(handler.read?.(battery)).rejects.toThrow('unknown battery level');
    await expect(handler.read?.({ ...battery, type: 'RSSI' })).rejects.toThrow('has no RSSI');
  });

  it('drives the simulated gamepad', async () => {
    await expectFirmwareFollows(xinput, xinputFirmware);
    const { driver, firmware, toy } = await openSimulated(xinput, xinputFirmware, 'XInputController1');
    for (const junk of ['', 'ff ff ff', 'ff ff ff ff ff']) firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([0, 0]);
    expect(await driver.handler.read?.(battery)).toBe(66);
  });
});
