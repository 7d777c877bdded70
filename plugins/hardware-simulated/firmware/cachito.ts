import type { FirmwareDefinition } from '../firmware.js';

export const cachitoFirmware: FirmwareDefinition = {
  protocol: 'cachito',
  create: (toy) => ({
    write(endpoint, data) {
      const [motor, again, level = 0, end] = data;
      if (endpoint !== 'tx' || data.length !== 4 || end !== 0x00) return;
      if (motor === 0x02 && again === 0x01 && level <= 5) toy.set(0, 'Vibrate', level);
      if (motor === 0x03 && again === 0x02 && level <= 100) toy.set(1, 'Vibrate', level);
    },
  }),
};
