import type { FirmwareDefinition } from '../firmware.js';

const VIBRATION = 0x03;
const SQUEEZE_OR_STROKE = 0x04;
const ROTATION = 0x06;

const VIBRATOR = { type: 'Vibrate', kind: VIBRATION } as const;
const MOTORS: Readonly<
  Record<string, readonly { readonly type: 'Vibrate' | 'Constrict' | 'Oscillate' | 'Rotate'; readonly kind: number }[]>
> = {
  Cali: [VIBRATOR, { type: 'Constrict', kind: SQUEEZE_OR_STROKE }],
  LY165A01: [VIBRATOR, { type: 'Constrict', kind: SQUEEZE_OR_STROKE }],
  Olis: [VIBRATOR, VIBRATOR, { type: 'Rotate', kind: ROTATION }],
  LY213A01: [{ type: 'Oscillate', kind: SQUEEZE_OR_STROKE }, VIBRATOR],
};

/** `23 07`, length, then number (from 81), kind and level of each motor, at last the exclusive-or of all before. */
export const sexverseV1Firmware: FirmwareDefinition = {
  protocol: 'sexverse-v1',
  create(toy) {
    const motors = MOTORS[toy.identifier] ?? [VIBRATOR];
    return {
      write(endpoint, data) {
        const [first, second, length = 0] = data;
        if (endpoint !== 'tx' || first !== 0x23 || second !== 0x07 || data.length !== length + 4) return;
        if (length !== 3 * motors.length || data.reduce((sum, byte) => sum ^ byte, 0) !== 0) return;
        const settings = motors.map(({ type, kind }, index) => ({
          index,
          type,
          isMeant: data[3 + 3 * index] === 0x81 + index && data[4 + 3 * index] === kind,
          level: data[5 + 3 * index] ?? 0,
        }));
        if (!settings.every(({ isMeant }) => isMeant)) return;
        for (const { index, type, level } of settings) toy.set(index, type, level);
      },
    };
  },
};
