import fc from 'fast-check';
import { bluetooth, LinkError, type ProtocolDefinition } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { monsterpubFirmware } from '../../../plugins/hardware-simulated/firmware/monsterpub.js';
import { monsterpub } from '../../../plugins/protocols/monsterpub.js';
import {
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  type OpenOptions,
  openProtocol,
  openSimulated,
  toHex,
} from '../../support/protocol-harness.js';

const CHALLENGE = '00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00';

/** A toy that has only these characteristics; without any, all of them. */
function having(endpoints: readonly string[]): ProtocolDefinition {
  if (endpoints.length === 0) return monsterpub;
  const services = { '6000': Object.fromEntries(endpoints.map((endpoint, at) => [endpoint, `600${at}`])) };
  return { ...monsterpub, links: [bluetooth({ names: ['MonsterPub'], services })] };
}

const open = (options: OpenOptions = {}, ...endpoints: readonly string[]) =>
  openProtocol(having(endpoints), { name: 'MonsterPub', ...options });

/** Lets reads of this endpoint wait for ever. */
function neverAnswering(link: FakeLink, endpoint: string): void {
  const read = link.read.bind(link);
  link.read = (asked) => (asked === endpoint ? new Promise(() => {}) : read(asked));
}

describe('monsterpub', () => {
  it.each([
    ['4d 50 32 5f 4a 4b 5f 4e 5f 50 31 00 00', 'Sistalk MonsterPub 2 Doctor Whale'],
    ['54 44 47 5f 4c 49 50 5f 50 54 32', "Tracy's Dog Surreal"],
    ['4d 50 20', 'Sistalk MonsterPub Device'],
  ])('takes the model from what it reads: %s', async (rxblemodel, name) => {
    const driver = await open({ reads: { rxblemodel, rx: CHALLENGE } });
    expect(driver.model.name).toBe(name);
  });

  it('takes a toy that does not tell its model for the simplest one', async () => {
    const driver = await open({ reads: { rx: CHALLENGE } });
    expect([driver.identifier, driver.model.name]).toEqual(['Unknown', 'Sistalk MonsterPub Device']);
    const patient = await open({ reads: { rx: CHALLENGE }, attach: (link) => neverAnswering(link, 'rxblemodel') });
    expect([patient.identifier, patient.clock.waiting]).toEqual(['Unknown', 0]);
  });

  it('does not connect when the model is no text', async () => {
    await expect(open({ reads: { rxblemodel: 'ff fe', rx: CHALLENGE } })).rejects.toThrow(/did not tell its model/);
  });

  it.each(['2IPO', 'LSBB', 'SIS6', 'TALK'].entries().toArray())('answers with key %i', async (number, key) => {
    const answers = fc.asyncProperty(fc.uint8Array({ minLength: 15, maxLength: 15 }), async (challenge) => {
      const { link } = await open({ reads: { rx: toHex([number, ...challenge]) } });
      const answer = challenge.map((byte, at) => byte ^ key.charCodeAt(at % 4));
      expect(link.take().slice(-2)).toEqual(['read rx', `rx!: ${toHex(answer)}`]);
    });
    await fc.assert(answers, { numRuns: 20 });
  });

  it('answers a challenge of zeros with the key', async () => {
    const { link } = await open({ reads: { rx: CHALLENGE } });
    expect(link.take().at(-1)).toBe('rx!: 32 49 50 4f 32 49 50 4f 32 49 50 4f 32 49 50');
  });

  it.each([
    ['sets an unknown kind of challenge', '04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'],
    ['sets a short challenge', '00 00 00'],
    ['sets an empty challenge', ''],
  ])('gives up a toy that %s', async (_what, rx) => {
    await expect(open({ reads: { rx } })).rejects.toThrow('set a challenge that nobody knows the answer to');
  });

  it('gives up a toy whose challenge cannot be read', async () => {
    await expect(open()).rejects.toThrow(LinkError);
    await expect(open({ attach: (link) => neverAnswering(link, 'rx') })).rejects.toThrow('within 2000 ms');
  });

  it('needs no challenge where there is none', async () => {
    const driver = await open({}, 'txvibrate', 'rxblemodel');
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['32']);
  });

  it('does not connect to a toy without motors', async () => {
    await expect(open({}, 'txmode')).rejects.toThrow('has no characteristic for its motors');
  });

  it('sends all levels in one packet', async () => {
    const driver = await open({ identifier: 'MP2_JK_N_P1', reads: { rx: CHALLENGE } });
    driver.link.take();
    driver.drive(0, 'Vibrate', 50);
    driver.drive(1, 'Vibrate', 25);
    driver.stop();
    expect(driver.link.take()).toEqual(['txvibrate: 32 00', 'txvibrate: 32 19', 'txvibrate: 00 00']);
  });

  it('sends oscillation like vibration', async () => {
    const driver = await open({ identifier: 'MP_SUCKBANG_P5', reads: { rx: CHALLENGE } });
    driver.drive(0, 'Oscillate', 10);
    expect(driver.drive(1, 'Vibrate', 20)).toEqual(['0a 14']);
  });

  it('stops older toys on another characteristic, in the same slot', async () => {
    const driver = await open({ identifier: 'MP2_JK_N_P1' }, 'tx', 'txmode', 'generic0');
    driver.drive(0, 'Vibrate', 50);
    expect(driver.order(1, 'Vibrate', 1).map(({ slot }) => slot)).toEqual(['device']);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx: 32 00', 'txmode!: 00 00']);
    expect(driver.order(1, 'Vibrate', 0).map(({ slot }) => slot)).toEqual(['device']);
  });

  it('stops where the levels go when there is no other characteristic', async () => {
    const driver = await open({}, 'tx');
    driver.drive(0, 'Vibrate', 50);
    driver.stop();
    expect(driver.link.take()).toEqual(['tx: 32', 'tx: 00']);
  });

  it('has another packet for the last resort', async () => {
    const driver = await open({ identifier: 'TDG_CRAYBIT_PT' }, 'generic0');
    expect(driver.drive(2, 'Vibrate', 100)).toEqual(['03 00 00 64']);
    expect(driver.stop()).toEqual(['03 00 00 00']);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(monsterpub, monsterpubFirmware));

  it('has a simulated toy that knows the other characteristics, and ignores junk and strangers', async () => {
    const { toy, firmware } = await openSimulated(monsterpub, monsterpubFirmware, 'TDG_CRAYBIT_PT');
    const levels = () => [0, 1, 2].map((motor) => toy.level(motor, 'Vibrate'));
    firmware.write('generic0', fromHex('03 0a 14 1e'));
    for (const junk of ['', '0a', '65 00 00']) firmware.write('tx', fromHex(junk));
    expect(levels()).toEqual([10, 20, 30]);
    firmware.write('txmode', fromHex('00 00 00'));
    expect(levels()).toEqual([0, 0, 0]);
    firmware.write('rx', new Uint8Array(15));
    firmware.write('tx', fromHex('01 01 01'));
    expect(levels()).toEqual([0, 0, 0]);
    expect(firmware.read?.('txmode')).toBeUndefined();
  });
});
