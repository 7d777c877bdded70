import type { FirmwareDefinition } from '../firmware.js';

export const pinkPunchFirmware: FirmwareDefinition = {
  protocol: 'pink_punch',
  create: (toy) => ({
    write(endpoint, data) {
      const [mode, speed = 0] = data;
      if (endpoint === 'tx' && data.length === 2 && mode === 0x09 && speed <= 100) toy.set(0, 'Vibrate', speed);
    },
  }),
};
