import type { FirmwareDefinition } from '../firmware.js';

/** Everything but whether it pauses, its speed and its mode. */
const FRAME = Buffer.from('003c303135320000300030010203683e', 'hex');
const CHANGING = [6, 7, 9];
const digit = (byte = 0) => byte - 0x30;

export const vorzeCycloneXFirmware: FirmwareDefinition = {
  protocol: 'vorze-cyclone-x',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || !FRAME.equals(data.map((byte, at) => (CHANGING.includes(at) ? 0 : byte)))) return;
      const [pause, speed, , mode] = [...data.subarray(6, 10)].map(digit);
      if (speed === undefined || speed < 0 || speed > 10) return;
      const turning = pause === 0 ? speed : 0;
      // Higher modes are patterns.
      if (mode === 0) toy.set(0, 'Rotate', turning);
      if (mode === 1) toy.set(0, 'Rotate', 0 - turning);
    },
  }),
};
