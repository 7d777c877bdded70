import type { FirmwareDefinition } from '../firmware.js';

const HEADER = [0x55, 0x04, 0x07, 0xff, 0xff, 0x3f];

export const maxproFirmware: FirmwareDefinition = {
  protocol: 'maxpro',
  advertisedName: () => 'M2',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.length !== 10 || HEADER.some((byte, at) => data[at] !== byte)) return;
      const [speed = 0, , again, sum] = data.subarray(HEADER.length);
      const expected = data.subarray(0, 9).reduce((total, byte) => total + byte, 0) % 256;
      if (speed === again && speed <= 100 && sum === expected) toy.set(0, 'Vibrate', speed);
    },
  }),
};
