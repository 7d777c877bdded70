import type { FirmwareDefinition } from '../firmware.js';

const VIBRATE = 0xff;
const VIBRATE_OFF = 0xf0;
const ROTATE = 0xaf;
const ROTATE_OFF = 0xa0;

/** The pair of bytes that a packet repeats seven times, followed by their sum. */
function pairIn(data: Uint8Array): readonly [first: number, second: number] | undefined {
  const [first = 0, second = 0] = data.subarray(1);
  const pairs = data.subarray(1, 15);
  if (data.length !== 17 || pairs.some((byte, at) => byte !== (at % 2 === 0 ? first : second))) return undefined;
  return data[15] === (7 * (first + second)) % 256 ? [first, second] : undefined;
}

export const motorbunnyFirmware: FirmwareDefinition = {
  protocol: 'motorbunny',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.at(-1) !== 0xec) return;
      if (data.length === 6 && data.subarray(1, 5).every((byte) => byte === 0)) {
        if (data[0] === VIBRATE_OFF) toy.set(0, 'Vibrate', 0);
        if (data[0] === ROTATE_OFF) toy.set(1, 'Rotate', 0);
      }
      const pair = pairIn(data);
      if (!pair) return;
      const [first, second] = pair;
      if (data[0] === VIBRATE && second === 0x14) toy.set(0, 'Vibrate', first);
      if (data[0] === ROTATE && first === 0x2a) toy.set(1, 'Rotate', second);
      if (data[0] === ROTATE && first === 0x29) toy.set(1, 'Rotate', -second);
    },
  }),
};
