import type { FirmwareDefinition } from '../firmware.js';

export const kiirooPowershotFirmware: FirmwareDefinition = {
  protocol: 'kiiroo-powershot',
  advertisedName: () => 'PowerShot',
  create: (toy) => ({
    write(endpoint, data) {
      const [header, high, low, first = 0, second = 0, end] = data;
      if (endpoint !== 'tx' || data.length !== 6) return;
      if (header !== 0x01 || high !== 0 || low !== 0 || end !== 0 || first > 100 || second > 100) return;
      toy.set(0, 'Vibrate', first);
      toy.set(1, 'Vibrate', second);
    },
  }),
};
