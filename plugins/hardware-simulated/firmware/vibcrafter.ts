import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { FirmwareDefinition } from '../firmware.js';

const KEY = 'jdk#Cra%f5Vib28r';
const CHALLENGE = 'a1B2:ChallEnge1;';
/** The first digits of the challenge's digest. */
const PROOF = 'Auth:fe2c;';

function decrypted(data: Uint8Array): string {
  try {
    const cipher = createDecipheriv('aes-128-ecb', KEY, null);
    return Buffer.concat([cipher.update(data), cipher.final()]).toString('latin1');
  } catch {
    return '';
  }
}

function encrypted(text: string): Uint8Array {
  const cipher = createCipheriv('aes-128-ecb', KEY, null);
  return Buffer.concat([cipher.update(text, 'latin1'), cipher.final()]);
}

export const vibcrafterFirmware: FirmwareDefinition = {
  protocol: 'vibcrafter',
  create(toy) {
    let isUnlocked = false;
    return {
      write(endpoint, data) {
        const text = endpoint === 'tx' ? decrypted(data) : '';
        if (/^Auth:[A-Za-z0-9]{6};$/.test(text)) toy.notify('rx', encrypted(CHALLENGE));
        if (text === PROOF) {
          isUnlocked = true;
          toy.notify('rx', encrypted('OK;'));
        }
        const [, first, second] = /^MtInt:(\d\d)(\d\d);$/.exec(text) ?? [];
        if (!isUnlocked || first === undefined || second === undefined) return;
        toy.set(0, 'Vibrate', Number(first));
        if (toy.identifier !== 'Janna') toy.set(1, 'Vibrate', Number(second));
      },
    };
  },
};
