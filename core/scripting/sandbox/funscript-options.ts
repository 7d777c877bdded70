import { flag, onlyOptions, shown, within } from './checks.js';
import type { Funscript } from './funscript-format.js';

export interface PlayOptions {
  /** Begins anew at the end, without a stop; false unless given. */
  readonly loop?: boolean | undefined;
  /** How fast the funscript is played, 0.1…4; 1 unless given. */
  readonly speed?: number | undefined;
  /** Where to begin, ms in the funscript; 0 unless given. */
  readonly from?: number | undefined;
  /** Part of the device's stroke to use, 0…1 each, the lower end first; all of it unless given. */
  readonly range?: readonly [low: number, high: number] | undefined;
  /** Strength of devices that have levels instead of positions, 0…1; 1 unless given. */
  readonly intensity?: number | undefined;
  /** Updates per second of devices without timed moves, 1…50; 20 unless given. */
  readonly rate?: number | undefined;
  /** Stops the player when aborted. */
  readonly signal?: Abortable | undefined;
}

/** What a player needs of an AbortSignal. */
export interface Abortable {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Options that were checked, with everything in its place. */
export interface PlaySettings {
  readonly loop: boolean;
  readonly speed: number;
  readonly from: number;
  readonly range: readonly [low: number, high: number];
  readonly intensity: number;
  readonly rate: number;
  readonly signal: Abortable | undefined;
}

/** Shortest time between two orders to a device, ms: as often as the highest `rate`. */
export const SHORTEST_GAP_MS = 20;

/** Throws a RangeError or TypeError that names the option. */
export function checkOptions(options: PlayOptions, { duration }: Funscript): PlaySettings {
  onlyOptions('play', options, ['loop', 'speed', 'from', 'range', 'intensity', 'rate', 'signal']);
  const settings = {
    loop: flag('loop', options.loop ?? false),
    speed: within('speed', options.speed ?? 1, 0.1, 4),
    from: within('from', options.from ?? 0, 0, duration),
    range: checkRange(options.range ?? [0, 1]),
    intensity: within('intensity', options.intensity ?? 1, 0, 1),
    rate: within('rate', options.rate ?? 20, 1, 1000 / SHORTEST_GAP_MS),
    signal: options.signal,
  };
  if (settings.loop && duration / settings.speed < SHORTEST_GAP_MS) {
    throw new RangeError(
      `loop needs a funscript that takes at least ${SHORTEST_GAP_MS} ms at this speed; this one is ${duration} ms long`,
    );
  }
  return settings;
}

function checkRange(range: readonly [low: number, high: number]): readonly [low: number, high: number] {
  if (!Array.isArray(range) || range.length !== 2) {
    throw new TypeError(`range must be a list of two numbers, the lower one first, not ${shown(range)}`);
  }
  const low = within('range[0]', range[0], 0, 1);
  const high = within('range[1]', range[1], 0, 1);
  if (low >= high) throw new RangeError(`range must begin with its lower end, but ${low} is not below ${high}`);
  return [low, high];
}
