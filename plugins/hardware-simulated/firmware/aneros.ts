import type { FirmwareDefinition } from '../firmware.js';

const PERINEUM = 0xf1;
const INTERNAL = 0xf2;

export const anerosFirmware: FirmwareDefinition = {
  protocol: 'aneros',
  advertisedName: () => 'Massage Demo',
  create: (toy) => ({
    write(endpoint, data) {
      const [motor, level = 0] = data;
      if (endpoint !== 'tx' || data.length !== 2 || level > 127) return;
      if (motor === PERINEUM) toy.set(0, 'Vibrate', level);
      if (motor === INTERNAL) toy.set(1, 'Vibrate', level);
    },
  }),
};
