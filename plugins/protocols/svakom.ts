import { type ModelDefinition, type ProtocolHandler, packet } from 'pulsegate/plugin';

/** What Svakom’s protocols share. */

const BOTH_OR_NEITHER = 0x00;
const FIRST = 0x01;
const SECOND = 0x02;

/** Many packets have a byte for on or off next to the level. */
export const on = (level: number) => (level > 0 ? 0x01 : 0x00);

/** A command of the longer kind: a mode, which is 0 for off, before the level. */
export const command = (kind: number, level: number, mode = 0x01) => [
  0x55,
  kind,
  0x00,
  0x00,
  level > 0 ? mode : 0x00,
  level,
  0x00,
];

/** There is one speed for both vibrators, and a byte that says which of them run. */
export function vibrators(first: number, second: number, mode = 0x01): number[] {
  const which = first > 0 === second > 0 ? BOTH_OR_NEITHER : first > 0 ? FIRST : SECOND;
  const speed = Math.max(first, second);
  return [0x55, 0x03, which, 0x00, speed > 0 ? mode : 0x00, speed];
}

/** The same in a longer packet; where there is but one vibrator, there is nothing to choose. */
export function onePacketForVibrators(model: ModelDefinition, mode?: number): ProtocolHandler['output'] {
  const hasChoice = model.features.some(({ index, outputs }) => index > 0 && outputs.Vibrate);
  return (_order, levels) => {
    const chosen = vibrators(levels.get(0, 'Vibrate'), levels.get(1, 'Vibrate'), mode);
    return [packet('vibrators', [...(hasChoice ? chosen : chosen.with(2, BOTH_OR_NEITHER)), 0x00])];
  };
}
