import { createDecipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { vibcrafterFirmware } from '../../../plugins/hardware-simulated/firmware/vibcrafter.js';
import { vibcrafter } from '../../../plugins/protocols/vibcrafter.js';
import {
  expectFirmwareFollows,
  type FakeLink,
  fromHex,
  openProtocol,
  openSimulated,
} from '../../support/protocol-harness.js';

const OK = '12 0a 6d ef a7 05 e3 6f a0 46 e6 cd f6 09 f6 7a';
const CHALLENGE = '4a bd 4a 30 64 67 26 fd c2 42 08 62 f0 ad 94 7a aa b0 b5 20 61 1c 3e 1c 33 0b b4 24 60 ed 72 57';
const PROOF = 'e1 30 55 a3 79 e8 6f e9 b6 03 9d f0 fe 24 65 15';
const OFF = 'df f0 2f 0d f4 5b 1f 07 21 62 3f 8c f1 b9 61 38';

/** Tells these things one after the other, whatever it is told; the last one for ever. */
function answering(...answers: readonly string[]) {
  const left = [...answers];
  return (_endpoint: string, _data: Uint8Array, link: FakeLink) => {
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer !== undefined) link.notify('rx', fromHex(answer));
  };
}

function decrypted(hex: string): string {
  const cipher = createDecipheriv('aes-128-ecb', 'jdk#Cra%f5Vib28r', null);
  return Buffer.concat([cipher.update(fromHex(hex)), cipher.final()]).toString();
}

describe('vibcrafter', () => {
  it('greets with a random word and answers the challenge', async () => {
    const open = () => openProtocol(vibcrafter, { name: 'Hayden', answer: answering(CHALLENGE, OK) });
    const [subscribed, greeting = '', proof, ...rest] = (await open()).link.take();
    expect(subscribed).toBe('subscribe rx');
    expect(decrypted(greeting.replace('tx: ', ''))).toMatch(/^Auth:[A-Za-z0-9]{6};$/);
    expect(proof).toBe(`tx: ${PROOF}`);
    expect(rest).toEqual([]);
    expect((await open()).link.take()[1]).not.toBe(greeting);
  });

  it('is ready at once when the device asks nothing', async () => {
    const driver = await openProtocol(vibcrafter, { name: 'be gentle', answer: answering(OK) });
    expect(driver.model.name).toBe('VibCrafter Harlow');
  });

  it.each([
    ['answers junk', '01 02 03', 'VibCrafter Janna refused the handshake'],
    ['answers something else', OFF, 'VibCrafter Janna refused the handshake'],
    ['asks for ever', CHALLENGE, 'VibCrafter Janna refused the handshake: it goes on asking'],
    ['keeps silent', undefined, 'VibCrafter Janna did not answer the handshake within 3000 ms'],
  ])('gives up a device that %s', async (_what, answer, sentence) => {
    const opening = openProtocol(vibcrafter, { name: 'Janna', answer: answering(...(answer ? [answer] : [])) });
    await expect(opening).rejects.toThrow(sentence);
  });

  it('gives up a device that goes away', async () => {
    const answer = (_endpoint: string, _data: Uint8Array, link: FakeLink) => link.lose();
    await expect(openProtocol(vibcrafter, { name: 'Janna', answer })).rejects.toThrow('went away');
  });

  it('sends both levels in one encrypted packet', async () => {
    const driver = await openProtocol(vibcrafter, { name: 'Nidalee', answer: answering(OK) });
    driver.link.onWrite = undefined;
    expect(driver.drive(0, 'Vibrate', 50)).toEqual(['eb cc 1a dd b0 13 23 40 d5 1b 7e 97 b6 1c a3 20']);
    driver.drive(0, 'Vibrate', 0);
    expect(driver.drive(1, 'Vibrate', 99)).toEqual(['04 82 0e 44 31 c2 06 bf 23 a7 48 bb 49 b5 8c c9']);
    expect(driver.drive(0, 'Vibrate', 99)).toEqual(['be ff fe bb 3a be 3f e6 3d 06 e4 a8 64 e4 e1 8b']);
    expect(driver.stop()).toEqual([OFF]);
    expect(driver.order(1, 'Vibrate', 1)).toMatchObject([{ slot: 'device', withResponse: false }]);
  });

  it('drives the simulated toys', async () => {
    await expectFirmwareFollows(vibcrafter, vibcrafterFirmware, { unlisted: null });
    const { driver, firmware, toy } = await openSimulated(vibcrafter, vibcrafterFirmware, 'Hayden');
    driver.drive(0, 'Vibrate', 7);
    for (const junk of ['', '01', OK, CHALLENGE]) firmware.write('tx', fromHex(junk));
    expect([toy.level(0, 'Vibrate'), toy.level(1, 'Vibrate')]).toEqual([7, 0]);
  });
});
