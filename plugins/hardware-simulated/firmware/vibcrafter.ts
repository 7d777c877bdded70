import { aes128, ascii } from 'pulsegate/plugin';
import type { FirmwareDefinition } from '../firmware.js';

const CIPHER = aes128('jdk#Cra%f5Vib28r');
const CHALLENGE = 'a1B2:ChallEnge1;';
/** The first digits of the challenge's digest. */
const PROOF = 'Auth:fe2c;';

const decrypted = (data: Uint8Array) => Buffer.from(CIPHER.decrypt(data) ?? []).toString('latin1');
const encrypted = (text: string) => CIPHER.encrypt(ascii(text));

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
