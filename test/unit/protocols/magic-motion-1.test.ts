import { describe, expect, it } from 'vitest';
import { magicMotion1Firmware } from '../../../plugins/hardware-simulated/firmware/magic-motion-1.js';
import { magicMotion1 } from '../../../plugins/protocols/magic-motion-1.js';
import {
  expectFirmwareFollows,
  fromHex,
  matchesName,
  openProtocol,
  openSimulated,
} from '../../support/protocol-harness.js';

describe('magic-motion-1', () => {
  it('sends the speed of whatever motor there is', async () => {
    const driver = await openProtocol(magicMotion1, { name: 'Magic Cell' });
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['0b ff 04 0a 32 32 00 04 08 32 64 00']);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: false }]);
    expect(driver.stop()).toEqual(['0b ff 04 0a 32 32 00 04 08 00 64 00']);
    const xone = await openProtocol(magicMotion1, { name: 'Xone' });
    expect(xone.drive(0, 'Oscillate', 50)).toEqual(['0b ff 04 0a 32 32 00 04 08 32 64 00']);
    expect(xone.stop()).toEqual(['0b ff 04 0a 32 32 00 04 08 00 64 00']);
  });

  it.each([
    ['Smart Mini Vibe3', 'MagicMotion Vini'],
    ['Smart Mini Vibe9', 'Magic Motion V1 Device'],
    ['Flamingo T', 'MagicMotion Flamingo'],
  ])('takes %s for a %s', async (name, expected) => {
    expect(matchesName(magicMotion1, name)).toBe(true);
    expect((await openProtocol(magicMotion1, { name })).model.name).toBe(expected);
  });

  it('drives the simulated toys that advertise a known name', () => {
    const models = magicMotion1.models.map((model) => ({
      ...model,
      identifiers: model.identifiers.filter((name) => matchesName(magicMotion1, name)),
    }));
    return expectFirmwareFollows(magicMotion1, magicMotion1Firmware, {
      models: models.filter(({ identifiers }) => identifiers.length > 0),
    });
  });

  it('has a simulated toy that ignores junk', async () => {
    const { driver, firmware, toy } = await openSimulated(magicMotion1, magicMotion1Firmware, 'Fugu');
    const junk = [
      '0b ff 04 0a 32 32 00 04 08 32 64',
      '0b ff 04 0a 46 46 00 04 08 32 64 00',
      '0b ff 04 0a 32 32 00 04 08 65 64 00',
    ];
    for (const packet of junk) firmware.write('tx', fromHex(packet));
    expect(driver.model.features.map(({ index }) => toy.level(index, 'Vibrate'))).toEqual(
      driver.model.features.map(() => 0),
    );
  });
});
