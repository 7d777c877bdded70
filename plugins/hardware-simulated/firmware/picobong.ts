import type { FirmwareDefinition } from '../firmware.js';

const STEADY = 0x01;
const STOPPED = 0xff;

/** Three bytes: motor, mode, speed. The motor turns in every mode but one, even at speed 0. */
export const picobongFirmware: FirmwareDefinition = {
  protocol: 'picobong',
  create: (toy) => ({
    write(endpoint, data) {
      const [motor, mode, speed = 0] = data;
      if (endpoint !== 'tx' || data.length !== 3 || motor !== 0x01 || speed > 10) return;
      if (mode === STOPPED) toy.set(0, 'Vibrate', 0);
      else if (mode === STEADY) toy.set(0, 'Vibrate', Math.max(speed, 1));
    },
  }),
};
