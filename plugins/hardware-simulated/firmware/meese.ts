import type { FirmwareDefinition } from '../firmware.js';

export const meeseFirmware: FirmwareDefinition = {
  protocol: 'meese',
  create: (toy) => ({
    write(endpoint, data) {
      const [first, second, motor, level] = data;
      if (endpoint !== 'tx' || data.length !== 4 || first !== 0x01 || second !== 0x80 || level === undefined) return;
      if (motor === 1 && level <= 10) toy.set(0, 'Vibrate', level);
      // Only the larger toy has suction.
      if (motor === 2 && level <= 3 && toy.identifier !== 'Meese-cd') toy.set(1, 'Vibrate', level);
    },
  }),
};
