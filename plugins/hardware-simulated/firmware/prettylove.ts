import type { FirmwareDefinition } from '../firmware.js';

export const prettyloveFirmware: FirmwareDefinition = {
  protocol: 'prettylove',
  advertisedName: () => 'Aogu BLE 0012',
  create: (toy) => ({
    write(endpoint, data) {
      const [start, level = 0] = data;
      if (endpoint === 'tx' && data.length === 2 && start === 0x00 && level <= 3) toy.set(0, 'Vibrate', level);
    },
  }),
};
