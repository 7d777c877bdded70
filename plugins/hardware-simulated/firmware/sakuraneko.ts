import type { FirmwareDefinition } from '../firmware.js';

/** How a packet reads in hex: its motor, its level, and a byte that goes with the motor. */
const PACKET = /^(a1|a2)080100000064(..)00(64|32)df55$/;

export const sakuranekoFirmware: FirmwareDefinition = {
  protocol: 'sakuraneko',
  create: (toy) => ({
    write(endpoint, data) {
      const [, motor, digits = '', companion] = PACKET.exec(Buffer.from(data).toString('hex')) ?? [];
      const level = Number.parseInt(digits, 16);
      if (endpoint !== 'tx' || !(level <= 100)) return;
      if (motor === 'a1' && companion === '64') toy.set(0, 'Vibrate', level);
      if (motor === 'a2' && companion === '32' && toy.identifier === 'sakuraneko-04') toy.set(1, 'Rotate', level);
    },
  }),
};
