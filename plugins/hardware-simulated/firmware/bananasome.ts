import type { FirmwareDefinition } from '../firmware.js';

export const bananasomeFirmware: FirmwareDefinition = {
  protocol: 'bananasome',
  advertisedName: () => '火箭X7',
  create: (toy) => ({
    write(endpoint, data) {
      const [header, command, thrust = 0, first = 0, second = 0] = data;
      if (endpoint !== 'tx' || data.length !== 5 || header !== 0xa0 || command !== 0x03) return;
      toy.set(0, 'Oscillate', thrust);
      toy.set(1, 'Vibrate', first);
      toy.set(2, 'Vibrate', second);
    },
  }),
};
