import type { FirmwareDefinition } from '../firmware.js';

const WITH_SUCTION = new Set(['BaiHu', 'Gugudai', 'Haima']);

/** The motor stops only when both endpoints have been told 0, as that of some toys does. */
export const liboVibesFirmware: FirmwareDefinition = {
  protocol: 'libo-vibes',
  create(toy) {
    const hasSuction = WITH_SUCTION.has(toy.identifier);
    let isStopping = false;
    return {
      write(endpoint, data) {
        const [level = 0] = data;
        if (data.length !== 1) return;
        if (endpoint === 'tx' && level <= 100) {
          isStopping = level === 0;
          if (level > 0) toy.set(0, 'Vibrate', level);
        }
        if (endpoint === 'txmode' && level <= 3) {
          if (isStopping && level === 0) toy.set(0, 'Vibrate', 0);
          if (hasSuction) toy.set(1, 'Vibrate', level);
        }
      },
    };
  },
};
