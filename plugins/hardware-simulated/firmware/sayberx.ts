import type { FirmwareDefinition } from '../firmware.js';

/** Speeds in two digits. A ring has no motor. */
const SPEED = /^AT\+SPD([0-3][0-9]|40)$/;

export const sayberxFirmware: FirmwareDefinition = {
  protocol: 'sayberx',
  advertisedName: (identifier) => (identifier === 'X-Ring' ? 'X-Ring 0F313B' : 'SayberX'),
  create: (toy) => ({
    write(endpoint, data) {
      const [, speed] = SPEED.exec(Buffer.from(data).toString('latin1')) ?? [];
      if (endpoint !== 'tx' || speed === undefined || toy.identifier === 'X-Ring') return;
      toy.set(0, 'Vibrate', Math.floor(Number(speed) / 10));
    },
  }),
};
