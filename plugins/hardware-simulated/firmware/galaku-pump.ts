import type { FirmwareDefinition } from '../firmware.js';
import { opened } from './galaku-frame.js';

export const galakuPumpFirmware: FirmwareDefinition = {
  protocol: 'galaku-pump',
  create: (toy) => ({
    write(endpoint, data) {
      const [kind, , , , command, which, stroke = 0, vibration = 0] = (endpoint === 'tx' && opened(data)) || [];
      if (kind !== 0x5a || command !== 0x60 || which !== 0x03 || stroke > 100 || vibration > 100) return;
      toy.set(0, 'Oscillate', stroke);
      toy.set(1, 'Vibrate', vibration);
    },
  }),
};
