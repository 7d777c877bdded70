import type { FirmwareDefinition } from '../firmware.js';

const MOTORS: Readonly<Record<string, readonly ('Vibrate' | 'Oscillate')[]>> = {
  'LB-W01': ['Vibrate'],
  HH010: ['Oscillate', 'Vibrate'],
  'NBQ-B619RX': ['Oscillate', 'Vibrate', 'Vibrate'],
};
const USUAL = ['Vibrate', 'Oscillate'] as const;

/** Six bytes: three to begin with, motor from 1, `64`, level. */
export const sexverseV2Firmware: FirmwareDefinition = {
  protocol: 'sexverse-v2',
  advertisedName: (identifier) => (identifier in MOTORS ? identifier : 'LY272A01'),
  create(toy) {
    const motors = MOTORS[toy.identifier] ?? USUAL;
    return {
      write(endpoint, data) {
        const [start, command, third, number = 0, fifth, level = 0] = data;
        if (endpoint !== 'tx' || data.length !== 6 || start !== 0xaa || command !== 0x03) return;
        const motor = motors[number - 1];
        if (third === 0x01 && fifth === 0x64 && level <= 20 && motor) toy.set(number - 1, motor, level);
      },
    };
  },
};
