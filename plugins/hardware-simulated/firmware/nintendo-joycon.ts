import type { FirmwareDefinition } from '../firmware.js';

const RUMBLE_ONLY = 0x10;
const WITH_SUBCOMMAND = 0x01;
const ENABLE_VIBRATION = 0x48;
/** What is above may damage the actuators. */
const SAFE_STEPS = 100;

/** The lowest level, in thousandths of the full strength, that has this step in the table of amplitudes. */
function levelOf(step: number): number {
  const strength = (level: number) => (level > 230 ? 32 * Math.log2(8.7e-3 * level) : 16 * Math.log2(17e-3 * level));
  for (let level = 121; level <= 1000; level += 1) if (Math.round(strength(level)) >= step) return level;
  return 1000;
}

/** The step of both bands of one actuator; undefined where they differ or are too strong. */
function stepOf(high: number, lowFrequency: number, low: number): number | undefined {
  const step = high >> 1;
  const inLowBand = 2 * (low - 0x40) + (lowFrequency >> 7);
  return step === inLowBand && step <= SAFE_STEPS ? step : undefined;
}

/** The last bit of a band's amplitude is in the byte of its frequency. */
export const nintendoJoyconFirmware: FirmwareDefinition = {
  protocol: 'nintendo-joycon',
  create(toy) {
    let isEnabled = false;
    return {
      write(endpoint, data) {
        if (endpoint !== 'tx' || data.length !== 64) return;
        if (data[0] === WITH_SUBCOMMAND && data[10] === ENABLE_VIBRATION) isEnabled = data[11] === 0x01;
        if (data[0] !== RUMBLE_ONLY || !isEnabled) return;
        const [, high = 0, lowFrequency = 0, low = 0] = data.subarray(2, 6);
        const step = stepOf(high, lowFrequency, low);
        if (step !== undefined) toy.set(0, 'Vibrate', step === 0 ? 0 : levelOf(step));
      },
    };
  },
};
