import type { FirmwareDefinition } from '../firmware.js';

const PACKET = /^5504010000(..)aa$/;

export const deepsireFirmware: FirmwareDefinition = {
  protocol: 'deepsire',
  create: (toy) => ({
    write(endpoint, data) {
      const packet = PACKET.exec(Buffer.from(data).toString('hex'));
      if (endpoint === 'tx' && packet) toy.set(0, 'Vibrate', Number.parseInt(packet[1] ?? '', 16));
    },
  }),
};
