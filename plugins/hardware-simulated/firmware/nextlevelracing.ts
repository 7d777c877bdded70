import type { FirmwareDefinition } from '../firmware.js';

const COMMAND = /^M([0-7])([0-9]{1,3})\r$/;

export const nextlevelracingFirmware: FirmwareDefinition = {
  protocol: 'nextlevelracing',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx') return;
      const [, motor, level] = COMMAND.exec(Buffer.from(data).toString('latin1')) ?? [];
      if (level !== undefined && Number(level) <= 255) toy.set(Number(motor), 'Vibrate', Number(level));
    },
  }),
};
