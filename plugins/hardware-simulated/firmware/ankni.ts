import type { FirmwareDefinition } from '../firmware.js';

const ADDRESS = [0xa2, 0x31, 0x35, 0x53, 0x52, 0xd8];
/** What only those send who know the address: the high byte of its checksum, sixteen times. */
const PROOF = Buffer.from(`0102${'c1'.repeat(16)}0000`, 'hex');

/** Listens to nobody who does not know its address. */
export const ankniFirmware: FirmwareDefinition = {
  protocol: 'ankni',
  advertisedName: () => 'DSJM',
  create(toy) {
    let isGreeted = false;
    let isOpen = false;
    return {
      write(endpoint, data) {
        if (endpoint !== 'tx' || data.length !== 20) return;
        const [first, second, level = 0, ...rest] = data;
        if (data.every((byte) => byte === 0x01)) isGreeted = true;
        if (isGreeted && PROOF.equals(data)) isOpen = true;
        if (!isOpen || first !== 0x03 || second !== 0x12 || level > 3 || rest.some((byte) => byte !== 0)) return;
        toy.set(0, 'Vibrate', level);
      },
      read: (endpoint) => (endpoint === 'generic0' ? Uint8Array.from(ADDRESS) : undefined),
    };
  },
};
