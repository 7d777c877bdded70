import type { FirmwareDefinition } from '../firmware.js';

export const leloF1sFirmware: FirmwareDefinition = {
  protocol: 'lelo-f1s',
  advertisedName: () => 'F1s',
  create: (toy) => ({
    write(endpoint, data) {
      const [header, first = 0, second = 0] = data;
      if (endpoint !== 'tx' || data.length !== 3 || header !== 0x01 || first > 100 || second > 100) return;
      toy.set(0, 'Vibrate', first);
      toy.set(1, 'Vibrate', second);
    },
  }),
};
