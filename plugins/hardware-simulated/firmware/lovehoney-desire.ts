import type { FirmwareDefinition } from '../firmware.js';

export const lovehoneyDesireFirmware: FirmwareDefinition = {
  protocol: 'lovehoney-desire',
  create(toy) {
    const motors = toy.identifier === 'KNICKER VIBE' || toy.identifier === 'LOVE EGG' ? [0] : [0, 1];
    return {
      write(endpoint, [command, motor, speed]) {
        if (endpoint !== 'tx' || command !== 0xf3 || speed === undefined || speed > 127) return;
        for (const index of motors) {
          if (motor === 0 || motor === index + 1) toy.set(index, 'Vibrate', speed);
        }
      },
    };
  },
};
