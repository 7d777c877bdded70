import type { FirmwareDefinition } from '../firmware.js';

/** One byte: the vibrator in its high half, the inflating part in its low half. */
export const liboSharkFirmware: FirmwareDefinition = {
  protocol: 'libo-shark',
  advertisedName: () => 'ShaYu',
  create: (toy) => ({
    write(endpoint, data) {
      const [both = 0] = data;
      const levels = [both >> 4, both & 0x0f];
      if (endpoint !== 'tx' || data.length !== 1 || levels.some((level) => level > 3)) return;
      for (const [index, level] of levels.entries()) toy.set(index, 'Vibrate', level);
    },
  }),
};
