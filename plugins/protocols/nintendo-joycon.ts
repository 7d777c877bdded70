import { defineProtocol, features, hid, otherwise, perFeature, vibrate } from 'pulsegate/plugin';

const REPORT_BYTES = 64;
/** 320 and 160 Hz at no strength. */
const NEUTRAL = [0x00, 0x01, 0x40, 0x40];
/** 200 Hz, in the steps of either band. */
const HIGH_BAND = 0xa8;
const LOW_BAND = 0x4a;
const HALF_STEP = 0x80;

/** A step in the actuators' table of amplitudes, 0 to 100. */
function amplitude(level: number): number {
  const share = level / 1000;
  if (share > 0.23) return Math.round(32 * Math.log2(8.7 * share));
  return share > 0.12 ? Math.round(16 * Math.log2(17 * share)) : 0;
}

/**
 * Four bytes for one actuator: frequency and amplitude of the high band, then of the low one, whose amplitude has its last bit in
 * front of the frequency (facts: protocols/nintendo-joycon, doubts).
 */
function rumble(level: number): number[] {
  if (level < 2) return NEUTRAL;
  const step = amplitude(level);
  return [HIGH_BAND, 2 * step, LOW_BAND + (step % 2 === 0 ? 0 : HALF_STEP), 0x40 + (step >> 1)];
}

function report(id: number, counter: number, actuators: readonly number[], subcommand: readonly number[] = []) {
  const bytes = new Uint8Array(REPORT_BYTES);
  bytes.set([id, counter, ...actuators, ...subcommand]);
  return bytes;
}

export const nintendoJoycon = defineProtocol({
  id: 'nintendo-joycon',
  brand: 'Nintendo',
  corrections: [
    'A stop is the neutral packet as it is publicly documented, 00 01 40 40; the reference engine sends 00 00 41 40.',
    'The low band keeps its frequency and is as strong as the high band; the reference engine adds the strength to the frequency, which at full strength goes beyond what is safe for the actuators.',
    'The packets end with a stop when the controller is disconnected; the reference engine sends them until a write fails.',
  ],
  links: [
    hid(
      { vendorId: 0x057e, productId: 0x2007 },
      { vendorId: 0x057e, productId: 0x2006 },
      { vendorId: 0x057e, productId: 0x2009 },
    ),
  ],
  models: [
    otherwise('Nintendo Joycon', features(vibrate(1000, { id: '7a3195c9-4c04-4004-9fac-a475983f1dd4' })), {
      id: '0aae8323-9095-4b71-b151-d5ef93ab8f6d',
    }),
  ],
  // A lost packet is made good by the next one, stops included.
  keepalive: { kind: 'repeat-last', everyMs: 15 },
  async open({ link }) {
    await link.write('tx', report(0x01, 0x00, new Array<number>(8).fill(0), [0x48, 0x01]), { withResponse: false });
    return {
      output: perFeature(({ value }) => {
        const actuator = rumble(value);
        return report(0x10, 0x01, [...actuator, ...actuator]);
      }),
    };
  },
});
