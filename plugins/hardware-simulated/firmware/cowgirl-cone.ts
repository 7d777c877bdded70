import type { FirmwareDefinition } from '../firmware.js';

/** Runs only after the greeting. */
export const cowgirlConeFirmware: FirmwareDefinition = {
  protocol: 'cowgirl-cone',
  create(toy) {
    let isAwake = false;
    return {
      write(endpoint, data) {
        if (endpoint !== 'tx' || data.length !== 4) return;
        const [command, second, level = 0, last] = data;
        if (command === 0xaa && second === 0x56 && level === 0x00 && last === 0x00) isAwake = true;
        if (!isAwake || command !== 0xf1 || second !== 0x01 || level > 128 || last !== 0x00) return;
        toy.set(0, 'Vibrate', level);
      },
    };
  },
};
