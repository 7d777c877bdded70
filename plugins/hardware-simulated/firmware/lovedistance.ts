import type { FirmwareDefinition } from '../firmware.js';

export const lovedistanceFirmware: FirmwareDefinition = {
  protocol: 'lovedistance',
  create(toy) {
    let isConstant = false;
    return {
      write(endpoint, data) {
        const [command, second, level] = data;
        if (endpoint !== 'tx') return;
        if (command === 0xf4 && data.length === 2) isConstant = second === 0x01;
        if (command !== 0xf3 || second !== 0 || level === undefined || level > 121 || data.length !== 3) return;
        if (isConstant || level === 0) toy.set(0, 'Vibrate', level);
      },
    };
  },
};
