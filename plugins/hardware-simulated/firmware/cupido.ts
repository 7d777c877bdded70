import type { FirmwareDefinition } from '../firmware.js';

const PACKET = /^b003000000(..)aa$/;

export const cupidoFirmware: FirmwareDefinition = {
  protocol: 'cupido',
  advertisedName: () => 'MY2607-BLE-V1.0',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = PACKET.exec(Buffer.from(data).toString('hex'));
      if (endpoint === 'tx' && packet) toy.set(0, 'Vibrate', Number.parseInt(packet[1] ?? '', 16));
    },
  }),
};
