import type { FirmwareDefinition } from '../firmware.js';

/** Four bytes: two to begin with, level, motor from 1. */
export const sexverseV3Firmware: FirmwareDefinition = {
  protocol: 'sexverse-v3',
  create(toy) {
    const motors = toy.identifier === 'TA-S001A' ? (['Vibrate', 'Oscillate'] as const) : (['Vibrate'] as const);
    return {
      write(endpoint, data) {
        const [start, command, level = 0, number = 0] = data;
        const motor = motors[number - 1];
        if (endpoint !== 'tx' || data.length !== 4 || start !== 0xa1 || command !== 0x04 || level > 20) return;
        if (motor) toy.set(number - 1, motor, level);
      },
    };
  },
};
