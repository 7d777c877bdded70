import type { Toy } from '../firmware.js';

interface SvakomPacket {
  readonly command: number;
  /** Which motors are meant, or a constant. */
  readonly which: number;
  readonly fifth: number;
  readonly sixth: number;
}

/** A packet of six bytes, or of seven with a zero at its end: `55`, command, which motors, `00`, two more bytes. */
export function readSvakom(endpoint: string, data: Uint8Array, length = 6): SvakomPacket | undefined {
  const [start, command = 0, which = 0, gap, fifth = 0, sixth = 0, end = 0] = data;
  if (endpoint !== 'tx' || data.length !== length || start !== 0x55 || gap !== 0x00 || end !== 0x00) return undefined;
  return { command, which, fifth, sixth };
}

const FIRST = 0x01;
const SECOND = 0x02;

/** One speed for the vibrators that are meant; the others stand still. Other modes than the steady one are not built in. */
export function runVibrators(
  toy: Toy,
  { which, fifth: mode, sixth: speed }: SvakomPacket,
  steady: number,
  motors: number,
) {
  if (which > SECOND || speed > 10 || mode !== (speed > 0 ? steady : 0)) return;
  toy.set(0, 'Vibrate', which === SECOND ? 0 : speed);
  if (motors > 1) toy.set(1, 'Vibrate', which === FIRST ? 0 : speed);
}
