import type { FirmwareDefinition } from '../firmware.js';

const OFF = 0xff;

/** Off has a code of its own; there is no level 0. */
export const svakomAlexFirmware: FirmwareDefinition = {
  protocol: 'svakom-alex',
  create: (toy) => ({
    write(endpoint, data) {
      const [start, command, kind, gap, level = 0, end] = data;
      if (endpoint !== 'tx' || data.length !== 6 || start !== 0x12 || command !== 0x01 || kind !== 0x03) return;
      if (gap !== 0x00 || end !== 0x00) return;
      if (level === OFF) toy.set(0, 'Vibrate', 0);
      else if (level > 0 && level <= 3) toy.set(0, 'Vibrate', level);
    },
  }),
};
