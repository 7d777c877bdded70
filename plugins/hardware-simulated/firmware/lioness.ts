import type { FirmwareDefinition } from '../firmware.js';

const START = [0x01, 0xaa, 0xaa, 0xbb, 0xcc, 0x10];
const SPEED = [0x02, 0xaa, 0xbb, 0xcc, 0xcc];

const startsWith = (data: Uint8Array, bytes: readonly number[]) => bytes.every((byte, place) => data[place] === byte);

/** The motor takes no speed before the start packet. */
export const lionessFirmware: FirmwareDefinition = {
  protocol: 'lioness',
  advertisedName: () => 'Lioness2',
  create(toy) {
    let hasStarted = false;
    return {
      write(endpoint, data) {
        if (endpoint !== 'tx' || data.length !== 6) return;
        const speed = data[5] ?? 0;
        if (startsWith(data, START)) hasStarted = true;
        else if (hasStarted && startsWith(data, SPEED) && speed <= 100) toy.set(0, 'Vibrate', speed);
      },
    };
  },
};
