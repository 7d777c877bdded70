import type { FirmwareDefinition } from '../firmware.js';

const PACKET = /^aa4003(..)(..)1419$/;

export const feelingsoFirmware: FirmwareDefinition = {
  protocol: 'feelingso',
  advertisedName: () => 'Flair Feel',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = PACKET.exec(Buffer.from(data).toString('hex'));
      const [vibration, oscillation] = packet?.slice(1).map((hex) => Number.parseInt(hex, 16)) ?? [];
      if (endpoint !== 'tx' || vibration === undefined || oscillation === undefined) return;
      if (vibration > 19 || oscillation > 19) return;
      toy.set(0, 'Vibrate', vibration);
      toy.set(1, 'Oscillate', oscillation);
    },
  }),
};
