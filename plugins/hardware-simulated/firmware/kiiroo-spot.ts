import type { FirmwareDefinition } from '../firmware.js';

export const kiirooSpotFirmware: FirmwareDefinition = {
  protocol: 'kiiroo-spot',
  advertisedName: () => 'SPOT W1',
  create: (toy) => ({
    write(endpoint, data) {
      const level = data[5] ?? 0;
      if (endpoint !== 'tx' || data.length !== 6 || level > 100) return;
      if (data.subarray(0, 5).every((byte, place) => byte === (place === 1 ? 0xff : 0))) toy.set(0, 'Vibrate', level);
    },
  }),
};
