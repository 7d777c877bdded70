import type { FirmwareDefinition } from '../firmware.js';

export const svakomIkerFirmware: FirmwareDefinition = {
  protocol: 'svakom-iker',
  advertisedName: () => 'Iker',
  create: (toy) => ({
    write(endpoint, [start, command, , , fifth, sixth]) {
      if (endpoint !== 'tx' || start !== 0x55 || fifth === undefined || sixth === undefined) return;
      if (command === 0x03) {
        toy.set(0, 'Vibrate', sixth);
        // The vibrator at 0 takes the pulsator along.
        if (sixth === 0) toy.set(1, 'Vibrate', 0);
      } else if (command === 0x07) toy.set(1, 'Vibrate', fifth);
    },
  }),
};
