import type { FirmwareDefinition } from '../firmware.js';

export const omoboFirmware: FirmwareDefinition = {
  protocol: 'omobo',
  advertisedName: () => 'S6',
  create: (toy) => ({
    write(endpoint, data) {
      const [header, length, kind, command, speed = 0, sixth, end] = data;
      if (endpoint !== 'tx' || data.length !== 7 || header !== 0xa1 || length !== 0x04 || kind !== 0x04) return;
      if (command === 0x01 && sixth === 0xff && end === 0x55 && speed <= 100) toy.set(0, 'Vibrate', speed);
    },
  }),
};
