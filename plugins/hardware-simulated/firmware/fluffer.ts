import { createHash } from 'node:crypto';
import { aes128 } from 'pulsegate/plugin';
import type { FirmwareDefinition } from '../firmware.js';

const CIPHER = aes128('jdk#Flu%y6fer32f');
/** What it advertises behind the company id. */
const ADVERTISED = [0x12, 0x34, 0x7a, 0x00, 0x56];
/** The part of it that a greeting has to know: the bytes from the third on, mixed with the second of the id and the first. */
const SECRET = [0x4e, 0x7a, 0x00, 0x2c];

const encrypted = (...bytes: readonly number[]) => CIPHER.encrypt(Uint8Array.from(bytes));

const signed = (byte: number) => (byte > 100 ? 100 - byte : byte);

export const flufferFirmware: FirmwareDefinition = {
  protocol: 'fluffer',
  manufacturerData: () => Uint8Array.from(ADVERTISED),
  create(toy) {
    const second = toy.identifier.startsWith('MBO') || toy.identifier === 'MB Controller' ? 'Rotate' : 'Oscillate';
    const hasSecond = toy.identifier.startsWith('MB');
    let isAwake = false;
    return {
      write(endpoint, data) {
        const plain = endpoint === 'tx' ? CIPHER.decrypt(data) : undefined;
        if (!plain) return;
        const [kind, command] = plain;
        if (kind === 0xa5) {
          const salt = plain.subarray(3, 7);
          const digest = createHash('sha256').update(salt).update(Uint8Array.from(SECRET)).digest();
          const isRight = digest.subarray(0, 4).equals(plain.subarray(7));
          toy.notify('rx', isRight ? encrypted(0xa5, 0x01, 0x01, 0x00) : encrypted(0xa5, 0x01, 0x00, 0x00));
        }
        if (kind === 0x82 && command === 0x0e) isAwake = true;
        if (kind !== 0x82 || command !== 0x0f || plain.length !== 8 || !isAwake) return;
        toy.set(0, 'Vibrate', plain[4] ?? 0);
        if (hasSecond) toy.set(1, second, signed(plain[5] ?? 0));
      },
    };
  },
};
