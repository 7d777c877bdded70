import type { FirmwareDefinition } from '../firmware.js';

const HEAD = [0x55, 0xaa, 0xf0, 0x01, 0x01, 0x0b, 0x65, 0xf7, 0x01, 0x01];

/** Eleven bytes, of which the last is the level. */
export const senseeFirmware: FirmwareDefinition = {
  protocol: 'sensee',
  advertisedName: () => 'CTY222S4',
  create: (toy) => ({
    write(endpoint, data) {
      const level = data[HEAD.length] ?? 0;
      if (endpoint !== 'tx' || data.length !== HEAD.length + 1 || level > 100) return;
      if (HEAD.every((byte, place) => data[place] === byte)) toy.set(0, 'Vibrate', level);
    },
  }),
};
