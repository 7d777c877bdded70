import { features, model, timedPosition, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { tcodeV03Firmware } from '../../../plugins/hardware-simulated/firmware/tcode-v03.js';
import { tcodeV03 } from '../../../plugins/protocols/tcode-v03.js';
import { asText, openProtocol, openSimulated } from '../../support/protocol-harness.js';

/** As users add their machines: features and ranges of their own. */
const custom = model('custom', 'Custom Machine', features(timedPosition(100, 100_000), vibrate(99)));
const withCustom = { ...tcodeV03, models: [...tcodeV03.models, custom] };

describe('tcode-v03', () => {
  it('is any serial port a user names', async () => {
    const driver = await openProtocol(tcodeV03, { name: 'COM7' });
    expect(driver.model).toMatchObject({ name: 'TCode v0.3 (Single Linear Axis)', messageGapMs: 20 });
    expect(driver.link.take()).toEqual([]);
  });

  it('writes positions with the three digits of its range, the top as all nines', async () => {
    const driver = await openProtocol(tcodeV03, { name: 'COM7' });
    const sent = [0, 5, 50, 500, 999, 1000].flatMap((value) => asText(driver.drive(0, 'Position', value)));
    expect(sent).toEqual(['L0000\n', 'L0005\n', 'L0050\n', 'L0500\n', 'L0999\n', 'L0999\n']);
  });

  it('adds the time to timed positions', async () => {
    const driver = await openProtocol(tcodeV03, { name: 'COM7' });
    const move = (value: number, duration: number) =>
      asText(driver.drive(0, 'HwPositionWithDuration', value, duration));
    expect(move(5, 1500)).toEqual(['L0005I1500\n']);
    expect(move(1000, 0)).toEqual(['L0999I0\n']);
  });

  it("uses the digits of a user's own ranges and the feature index as channel", async () => {
    const driver = await openProtocol(withCustom, { name: 'custom' });
    expect(driver.drive(0, 'HwPositionWithDuration', 51, 200)).toEqual(['4c 30 35 31 49 32 30 30 0a']);
    expect(asText(driver.drive(0, 'HwPositionWithDuration', 100, 200))).toEqual(['L099I200\n']);
    expect(asText(driver.drive(1, 'Vibrate', 99))).toEqual(['V199\n']);
    expect(asText(driver.stop())).toEqual(['V100\n']);
  });

  it('has a slot for each feature, whatever the output', async () => {
    const driver = await openProtocol(tcodeV03, { name: 'COM7' });
    expect(driver.order(0, 'Position', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.order(0, 'HwPositionWithDuration', 1, 1)).toMatchObject([{ slot: 0 }]);
  });

  it('drives its simulated firmware, which has no step 1000', async () => {
    const { driver, toy, firmware } = await openSimulated(withCustom, tcodeV03Firmware, '');
    expect(driver.model.name).toBe('TCode v0.3 (Single Linear Axis)');
    for (const value of [1000, 999, 500, 50, 5, 1, 0]) {
      driver.drive(0, 'HwPositionWithDuration', value, 100);
      expect(toy.target(0)).toBe(Math.min(value, 999));
      driver.drive(0, 'Position', 1000 - value);
      expect(toy.level(0, 'Position')).toBe(Math.min(1000 - value, 999));
    }
    const text = (line: string) => firmware.write('tx', new TextEncoder().encode(line));
    text('V1');
    text('99\nL0');
    expect(toy.level(1, 'Vibrate')).toBe(99);
    text('junk\n\n');
    text('V100\n');
    expect(toy.level(1, 'Vibrate')).toBe(0);
  });
});
