import type { Firmware, FirmwareDefinition, Toy } from '../firmware.js';
import { hismithMiniFirmware } from './hismith-mini.js';

const LEGACY = new Set(['1001', '1002', '1003', '1006', '2001', '3001']);
const HEADER = 0xaa;
const MOTOR = 0x04;
const VIBRATOR = 0x06;
const VIBRATOR_OFF = 0xf0;

function legacyFirmware(toy: Toy): Firmware {
  const hasVibrator = toy.identifier === '2001' || toy.identifier === '1006';
  return {
    write(endpoint, data) {
      const [header, kind = 0, value = 0, sum] = data;
      if (endpoint !== 'tx' || data.length !== 4 || header !== HEADER || sum !== ((kind + value) & 0xff)) return;
      if (kind === MOTOR && value <= 100) toy.set(0, toy.identifier === '3001' ? 'Vibrate' : 'Oscillate', value);
      else if (kind === VIBRATOR && hasVibrator) {
        if (value === 1) toy.set(1, 'Vibrate', 1);
        // 0 is not what switches this motor off.
        else if (value === VIBRATOR_OFF) toy.set(1, 'Vibrate', 0);
      }
    },
    read: (endpoint) => (endpoint === 'rxblemodel' ? Uint8Array.from(Buffer.from(toy.identifier, 'hex')) : undefined),
  };
}

/** Four bytes: `aa`, motor, value, sum of those two. Machines that only kept the name speak like the newer ones. */
export const hismithFirmware: FirmwareDefinition = {
  protocol: 'hismith',
  advertisedName: (identifier) => (identifier === '3001' ? 'Wildolo' : 'HISMITH'),
  create: (toy) => (LEGACY.has(toy.identifier) ? legacyFirmware(toy) : hismithMiniFirmware.create(toy)),
};
