import type { FirmwareDefinition } from '../firmware.js';

export const cowgirlFirmware: FirmwareDefinition = {
  protocol: 'cowgirl',
  create: (toy) => ({
    write(endpoint, data) {
      const [start, pattern, vibration = 0, rotation = 0] = data;
      if (endpoint !== 'tx' || data.length !== 4 || start !== 0x00 || pattern === undefined || pattern > 1) return;
      toy.set(0, 'Vibrate', pattern === 1 ? vibration : 0);
      toy.set(1, 'Rotate', pattern === 1 ? rotation : 0);
    },
  }),
};
