import { describe, expect, it, vi } from 'vitest';
import { satisfyerFirmware } from '../../../plugins/hardware-simulated/firmware/satisfyer.js';
import { satisfyer } from '../../../plugins/protocols/satisfyer.js';
import { expectFirmwareFollows, fromHex, openProtocol, openSimulated } from '../../support/protocol-harness.js';

const open = (model: string) => openProtocol(satisfyer, { name: 'SF Toy', reads: { rxblemodel: model } });
const advertising = (company: number, hex: string) => ({
  name: 'SF Toy',
  advertisement: { manufacturerData: new Map([[company, fromHex(hex)]]) },
});

describe('satisfyer', () => {
  it.each([
    ['00 00 27 15', 'Satisfyer Hot Spot'],
    ['00 00 27 b0', 'Satisfyer Double Desire'],
    ['00 00 27 51', 'Satisfyer Double Flex'],
    ['00 00 00 01', 'Satisfyer Device'],
    ['27 15', 'Satisfyer Device'],
  ])('reads model %s (%s) and starts the motor', async (model, name) => {
    const driver = await open(model);
    expect(driver.model.name).toBe(name);
    expect(driver.link.take()).toEqual(['read rxblemodel', 'command!: 01']);
  });

  it('takes the model from the advertisement where it can', async () => {
    const driver = await openProtocol(satisfyer, advertising(93, '00 00 27 b0'));
    expect(driver.model.name).toBe('Satisfyer Double Desire');
    expect(driver.link.take()).toEqual(['command!: 01']);
  });

  it.each([
    ['another company’s data', 76, '00 00 27 b0'],
    ['data of another length', 93, '00 00 27'],
  ])('reads the model in spite of %s', async (_what, company, hex) => {
    const reads = { rxblemodel: '00 00 27 15' };
    const driver = await openProtocol(satisfyer, { ...advertising(company, hex), reads });
    expect(driver.model.name).toBe('Satisfyer Hot Spot');
  });

  it('sends every level four times, in one packet for the whole toy', async () => {
    const driver = await open('00 00 27 51');
    driver.drive(0, 'Vibrate', 75);
    driver.drive(1, 'Vibrate', 50);
    expect(driver.drive(2, 'Vibrate', 25)).toEqual(['4b 4b 4b 4b 32 32 32 32 19 19 19 19']);
    expect(driver.stop()).toEqual(['00 00 00 00 00 00 00 00 00 00 00 00']);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 'device', endpoint: 'tx', withResponse: false }]);
    expect((await open('00 00 27 15')).drive(0, 'Vibrate', 50)).toEqual(['32 32 32 32']);
  });

  it('repeats its last packet every 3 s', () => {
    expect(satisfyer.keepalive).toEqual({ kind: 'repeat-last', everyMs: 3000 });
  });

  it('drives the simulated toys', () => expectFirmwareFollows(satisfyer, satisfyerFirmware, { unlisted: '99999' }));

  it('has simulated toys that ignore junk, and everything before the start or after a pause', async () => {
    const { firmware, toy } = await openSimulated(satisfyer, satisfyerFirmware, '10160');
    firmware.write('command', fromHex('03'));
    const set = vi.spyOn(toy, 'set');
    firmware.write('tx', fromHex('32 32 32 32 19 19 19 19'));
    firmware.write('command', fromHex('01'));
    for (const junk of ['', '32', '32 32 32 32', '32 32 32 32 19 19 19 19 00']) firmware.write('tx', fromHex(junk));
    firmware.write('command', fromHex(''));
    expect(set).not.toHaveBeenCalled();
    firmware.write('tx', fromHex('32 32 32 32 19 19 19 19'));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([50, 25]);
    firmware.write('command', fromHex('07'));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([0, 0]);
  });
});
