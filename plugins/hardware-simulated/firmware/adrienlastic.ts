import type { FirmwareDefinition } from '../firmware.js';

const COMMAND = /^MotorValue:([0-9]{2});$/;

export const adrienlasticFirmware: FirmwareDefinition = {
  protocol: 'adrienlastic',
  create: (toy) => ({
    write(endpoint, data) {
      const level = COMMAND.exec(Buffer.from(data).toString('latin1'))?.[1];
      if (endpoint !== 'tx' || level === undefined || Number(level) > 16) return;
      toy.set(0, 'Vibrate', Number(level));
    },
  }),
};
