import { createCipheriv, createDecipheriv } from 'node:crypto';

/** AES-128 in ECB mode with PKCS#7 padding, as several devices want their packets. The key is 16 ASCII letters. */
export function aes128(key: string) {
  return {
    encrypt(data: Uint8Array): Uint8Array {
      const cipher = createCipheriv('aes-128-ecb', key, null);
      return Buffer.concat([cipher.update(data), cipher.final()]);
    },
    /** Undefined for what was not encrypted with this key. */
    decrypt(data: Uint8Array): Uint8Array | undefined {
      try {
        const cipher = createDecipheriv('aes-128-ecb', key, null);
        return Buffer.concat([cipher.update(data), cipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}
