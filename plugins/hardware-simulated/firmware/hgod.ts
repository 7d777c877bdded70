import type { FirmwareDefinition } from '../firmware.js';

const HEADER = 0x55;
const PATTERN = 0x03;
const SPEED = 0x04;

/** Runs on at its last speed: the real toy gives up after about a second of silence, which nobody can rely on. */
export const hgodFirmware: FirmwareDefinition = {
  protocol: 'hgod',
  advertisedName: () => 'AMN NEO',
  create: (toy) => ({
    write(endpoint, data) {
      const [header, command, mode, , pattern, speed = 0] = data;
      if (endpoint !== 'tx' || data.length !== 6 || header !== HEADER) return;
      if (command === SPEED && mode === 0 && pattern === 0 && speed <= 0x0f) toy.set(0, 'Vibrate', speed);
      if (command === PATTERN && mode === 0x01 && pattern === 0) toy.set(0, 'Vibrate', 0);
    },
  }),
};
