import type { FirmwareDefinition } from '../firmware.js';

export const mizzzeeV2Firmware: FirmwareDefinition = {
  protocol: 'mizzzee-v2',
  advertisedName: () => 'XHT',
  create: (toy) => ({
    write(endpoint, data) {
      const [first, second, length, command, speed = 0, separator, again] = data;
      if (endpoint !== 'tx' || data.length !== 7 || first !== 0x69 || second !== 0x96) return;
      if (length !== 0x04 || command !== 0x02 || separator !== 0x2c || speed !== again || speed > 100) return;
      toy.set(0, 'Vibrate', speed);
    },
  }),
};
