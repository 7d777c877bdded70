import type { FirmwareDefinition } from '../firmware.js';

/** What a running motor is told twice, in front of its strength. */
const HALF = [0x00, 0xfc, 0x00, 0xfe, 0x40, 0x01];
/** Strengths there are, of which the levels use the upper 70 %. */
const STRENGTHS = 1023;

/** The lowest level that has at least this strength. */
const levelOf = (strength: number) => Math.ceil(((strength * 10_000) / STRENGTHS - 3000) / 7);

export const mizzzeeV3Firmware: FirmwareDefinition = {
  protocol: 'mizzzee-v3',
  advertisedName: () => 'XHTKJ',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.length !== 20 || data[0] !== 0x03 || data[1] !== 0x12) return;
      const body = data.subarray(2);
      if (body.every((byte) => byte === 0)) toy.set(0, 'Vibrate', 0);
      const fields = new DataView(body.buffer, body.byteOffset, body.byteLength);
      const [first, second] = [fields.getUint16(7, true), fields.getUint16(15, true)];
      if (body[0] !== 0xf3 || body[17] !== 0 || first !== second || first % 64 !== 60) return;
      if (HALF.some((byte, at) => body[1 + at] !== byte || body[9 + at] !== byte)) return;
      const level = levelOf((first - 60) / 64);
      if (level > 0 && level <= 1000) toy.set(0, 'Vibrate', level);
    },
  }),
};
