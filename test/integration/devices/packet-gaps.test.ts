import { describe, expect, it } from 'vitest';
import { svakomDt250a } from '../../../plugins/protocols/svakom-dt250a.js';
import { boot } from '../../support/boot.js';
import { level } from '../../support/messages.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';

describe('a device that loses packets which follow too closely', () => {
  it('gets the stop of each motor apart from the others, when its client goes', async () => {
    const hardware = new TestHardware();
    const device = hardware.device({ name: 'DT250A', kind: 'bluetooth' });
    await using gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(svakomDt250a)] });
    hardware.show(device);
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    for (const [feature, type] of [
      [0, 'Vibrate'],
      [1, 'Vibrate'],
      [2, 'Constrict'],
    ] as const) {
      expect(await client.ask(level(0, feature, type, 2))).toHaveProperty('Ok');
      await gateway.clock.advance(1000);
    }
    device.take();
    client.cut();
    await gateway.clock.advance(0);
    expect(device.take()).toEqual(['550300000000']);
    await gateway.clock.advance(29);
    expect(device.take()).toEqual([]);
    await gateway.clock.advance(1);
    expect(device.take()).toEqual(['550800000000']);
    await gateway.clock.advance(249);
    expect(device.take()).toEqual([]);
    await gateway.clock.advance(1);
    expect(device.take()).toEqual(['550900000000']);
  });
});
