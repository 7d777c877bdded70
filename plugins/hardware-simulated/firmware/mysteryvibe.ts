import type { Firmware, FirmwareDefinition, Toy } from '../firmware.js';

const SIX_MOTORS = 6;
const STRONGEST = 56;

/** Takes one level for each motor, once it was put into the mode for that. */
export function mysteryvibeToy(toy: Toy, mode: readonly number[], motors: number): Firmware {
  let isListening = false;
  return {
    write(endpoint, data) {
      if (endpoint === 'txmode')
        isListening = data.length === mode.length && mode.every((byte, at) => data[at] === byte);
      if (endpoint !== 'txvibrate' || !isListening || data.length !== motors) return;
      if (data.some((level) => level > STRONGEST)) return;
      for (const [motor, level] of data.entries()) toy.set(motor, 'Vibrate', level);
    },
  };
}

export const mysteryvibeFirmware: FirmwareDefinition = {
  protocol: 'mysteryvibe',
  create: (toy) => mysteryvibeToy(toy, [0x43, 0x02, 0x00], toy.identifier.startsWith('MV Poco') ? 2 : SIX_MOTORS),
};
