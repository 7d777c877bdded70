import type { FirmwareDefinition } from '../firmware.js';

const HEADER = 0xa0;
const VIBRATE = 0x01;
const OSCILLATE = 0x06;

export const itoysFirmware: FirmwareDefinition = {
  protocol: 'itoys',
  create(toy) {
    const oscillator = { 'SML-2310-SZ-B': 1, 'ASF-001-BT-R': 0 }[toy.identifier];
    const hasVibrator = oscillator !== 0;
    return {
      write(endpoint, data) {
        const [header, command, isOn, , fifth = 0, sixth = 0] = data;
        if (endpoint !== 'tx' || data.length !== 6 || header !== HEADER) return;
        // From 4 on there are patterns.
        if (command === VIBRATE && hasVibrator && fifth <= 3) toy.set(0, 'Vibrate', fifth);
        if (command === OSCILLATE && oscillator !== undefined) toy.set(oscillator, 'Oscillate', isOn === 1 ? sixth : 0);
      },
    };
  },
};
