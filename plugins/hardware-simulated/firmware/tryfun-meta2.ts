import type { FirmwareDefinition } from '../firmware.js';

/** Clockwise from -1 downwards; upwards from 0 the other way. */
const turned = (byte: number) => (byte >= 0x80 ? 0xff - byte : 0 - byte);

/** Nine bytes: a number, `02 00 05 21 05`, which motor, level, checksum of all but the number. */
export const tryfunMeta2Firmware: FirmwareDefinition = {
  protocol: 'tryfun-meta2',
  advertisedName: () => 'TF-META2',
  create: (toy) => ({
    write(endpoint, data) {
      const [, ...body] = data;
      const [version, , length, , , motor, level = 0, sum] = body;
      if (endpoint !== 'tx' || data.length !== 9 || version !== 0x02 || length !== 0x05) return;
      const expected = body.slice(0, -1).reduce((rest, byte) => rest - byte, 0x107);
      if (sum !== (expected & 0xff)) return;
      if (motor === 0x0b && level <= 100) toy.set(0, 'Oscillate', level);
      if (motor === 0x08 && level <= 100) toy.set(1, 'Vibrate', level);
      if (motor === 0x0e && Math.abs(turned(level)) <= 100) toy.set(2, 'Rotate', turned(level));
    },
  }),
};
