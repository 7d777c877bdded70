import type { FirmwareDefinition } from '../firmware.js';

export const xuanhuanFirmware: FirmwareDefinition = {
  protocol: 'xuanhuan',
  advertisedName: () => 'QUXIN',
  create: (toy) => ({
    write(endpoint, data) {
      const [first, second, third, level = 0] = data;
      if (endpoint !== 'tx' || data.length !== 4 || first !== 0x03 || second !== 0x02 || third !== 0x00) return;
      if (level <= 10) toy.set(0, 'Vibrate', level);
    },
  }),
};
