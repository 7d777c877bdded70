import type { FirmwareDefinition } from '../firmware.js';

export const youcupsFirmware: FirmwareDefinition = {
  protocol: 'youcups',
  advertisedName: () => 'Youcups',
  create: (toy) => ({
    write(endpoint, data) {
      const level = endpoint === 'tx' ? /^\$SYS,([0-8])\?$/.exec(Buffer.from(data).toString('latin1'))?.[1] : undefined;
      if (level !== undefined) toy.set(0, 'Vibrate', Number(level));
    },
  }),
};
