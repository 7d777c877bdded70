import type { FirmwareDefinition } from '../firmware.js';

const PLAY_SMART_2 = /^luna play ?smart ?2$/i;
const FOFO_AND_UFO = /^(?:luna fofo|fofo|ufo.*)$/i;

/** Each family has a number of its own, which it wants to hear. */
export const foreoFirmware: FirmwareDefinition = {
  protocol: 'foreo',
  create(toy) {
    const family = PLAY_SMART_2.test(toy.identifier) ? 0x03 : FOFO_AND_UFO.test(toy.identifier) ? 0x01 : 0x00;
    return {
      write(endpoint, data) {
        const [command, mode, level = 0] = data;
        if (endpoint !== 'tx' || data.length !== 3 || command !== 0x01 || mode !== family || level > 10) return;
        toy.set(0, 'Vibrate', level);
      },
    };
  },
};
