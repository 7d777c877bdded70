import type { FirmwareDefinition } from '../firmware.js';

/** Levels from 4 on are patterns. */
const PACKET = /^030101fe0([0-3])$/;

export const foxFirmware: FirmwareDefinition = {
  protocol: 'fox',
  advertisedName: () => 'FOX',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = PACKET.exec(Buffer.from(data).toString('hex'));
      if (endpoint === 'tx' && packet) toy.set(0, 'Vibrate', Number(packet[1]));
    },
  }),
};
