import { describe, expect, it } from 'vitest';
import { galakuPumpFirmware } from '../../../plugins/hardware-simulated/firmware/galaku-pump.js';
import { galakuPump } from '../../../plugins/protocols/galaku-pump.js';
import { expectFirmwareFollows, openProtocol } from '../../support/protocol-harness.js';

describe('galaku-pump', () => {
  it('sends both levels in one scrambled frame', async () => {
    const driver = await openProtocol(galakuPump, { name: 'V415' });
    expect(driver.model.name).toBe('Galaku Nebula');
    driver.drive(1, 'Vibrate', 50);
    driver.drive(0, 'Oscillate', 75);
    driver.stop();
    expect(driver.link.take()).toEqual([
      'tx!: 23 81 bb ab d2 9b 44 33 ed 43 3b 44',
      'tx!: 23 81 bb ab d2 9b 44 6a 25 43 3b 81',
      'tx!: 23 81 bb ab d2 9b 44 33 bb a3 3b d2',
    ]);
    expect(driver.order(0, 'Oscillate', 1).map(({ slot }) => slot)).toEqual(['device']);
  });

  it('drives the simulated toy', () => expectFirmwareFollows(galakuPump, galakuPumpFirmware, { unlisted: null }));
});
