import type { FirmwareDefinition } from '../firmware.js';

export const nobraFirmware: FirmwareDefinition = {
  protocol: 'nobra',
  advertisedName: () => 'NobraControl',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx') return;
      for (const byte of data) {
        if (byte === 0x70) toy.set(0, 'Vibrate', 0);
        else if (byte > 0x60 && byte < 0x70) toy.set(0, 'Vibrate', byte - 0x60);
      }
    },
  }),
};
