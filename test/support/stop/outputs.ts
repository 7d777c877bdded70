import type { Message } from '../wire-client.js';

/** An output of the Pulsegate Testbed, and how to drive it. */
export interface OutputCase {
  readonly name: string;
  readonly feature: number;
  readonly command: Message;
  /** Where it is told to go. */
  readonly level: number;
  /** The same in the units of scripts and plain topics, -1 to 1. */
  readonly share: number;
}

/** Every output type there is; Rotate in both directions. */
export const OUTPUTS: readonly OutputCase[] = [
  levelled('Vibrate', 0, 13, 20),
  { ...levelled('Rotate', 1, 15, 20), name: 'Rotate, clockwise' },
  { ...levelled('Rotate', 1, -15, 20), name: 'Rotate, counter-clockwise' },
  levelled('Oscillate', 2, 11, 20),
  levelled('Constrict', 3, 3, 5),
  levelled('Temperature', 4, -6, 10),
  levelled('Led', 5, 80, 100),
  levelled('Spray', 6, 1, 1),
  levelled('Position', 7, 60, 100),
  {
    name: 'HwPositionWithDuration',
    feature: 8,
    command: { HwPositionWithDuration: { Value: 100, Duration: 10_000 } },
    level: 100,
    share: 1,
  },
];

function levelled(type: string, feature: number, level: number, steps: number): OutputCase {
  return { name: type, feature, command: { [type]: { Value: level } }, level, share: level / steps };
}

/** The output with most levels, for who wants to know one command from another. */
export const LED = { feature: 5, type: 'Led' } as const;

/** A packet that reached the testbed. */
export interface TestbedPacket {
  /** Wall-clock ms. */
  readonly time: number;
  readonly feature: number;
  readonly level: number;
  /** How long the move there takes, ms; 0: it is there at once. */
  readonly durationMs: number;
}

/** Reads a packet of the testbed's protocol (plugins/protocols/pulsegate-testbed.ts). */
export function decode(time: number, hex: string): TestbedPacket {
  const bytes = Buffer.from(hex, 'hex');
  const isMove = bytes.readUInt8(0) === 0x02;
  return {
    time,
    feature: bytes.readUInt8(1),
    level: bytes.readInt16BE(2),
    durationMs: isMove ? bytes.readUInt16BE(4) : 0,
  };
}

/** A packet that carries out the order. */
export const obeys = ({ feature, level }: OutputCase, packet: TestbedPacket) =>
  packet.feature === feature && packet.level === level;

/** A move may take this long and still be one that only holds the stroker where it is, ms. */
const HOLD_MS = 100;

/**
 * Whether a packet leaves its output off. A position has no off: it must not be on its way anywhere, and a stop that sent it to
 * 0 would be a movement that nobody asked for.
 */
export function isStop({ feature, level, durationMs }: TestbedPacket): boolean {
  const isStroker = feature === 8;
  return isStroker ? durationMs <= HOLD_MS && level < 50 : level === 0;
}

/** An output that is where it was told to be, at once, and needs no packet to stay there. */
export const restsByItself = ({ name }: OutputCase) => name === 'Position';
