import type { FirmwareDefinition } from '../firmware.js';

/** Runs only after the greeting. */
export const amorelieJoyFirmware: FirmwareDefinition = {
  protocol: 'amorelie-joy',
  create(toy) {
    let isAwake = false;
    return {
      write(endpoint, data) {
        const [command, pattern, level = 0] = data;
        if (endpoint !== 'tx') return;
        if (data.length === 1 && command === 0x03) isAwake = true;
        if (!isAwake || data.length !== 3 || command !== 0x01 || pattern !== 0x01 || level > 100) return;
        toy.set(0, 'Vibrate', level);
      },
    };
  },
};
