import { type Funscript, type FunscriptAction, indexAfter } from './funscript-format.js';
import { type PlaySettings, SHORTEST_GAP_MS } from './funscript-options.js';
import { blend } from './pattern-core.js';

/** What a player needs of a device. */
export interface Playable {
  readonly name?: string | undefined;
  /** False: it is gone, and there is nothing left to stop. */
  readonly connected?: boolean | undefined;
  has(output: string): boolean;
  /** Moves to a position of 0…1 within so many ms. */
  positionWithDuration(position: number, ms: number): Promise<void>;
  position(position: number): Promise<void>;
  vibrate(level: number): Promise<void>;
  oscillate(level: number): Promise<void>;
  stop(): Promise<void>;
}

/** One order to the device. */
interface Beat {
  /** Sends the order; absent when there is nothing left to order. */
  readonly send: (() => Promise<void>) | undefined;
  /** When the next beat is due, ms in the funscript; beyond its end for the next round of a loop. */
  readonly next: number;
}

/** The beat at a place in the funscript, ms. Without memory, so that a late beat puts nothing off. */
export type Drive = (position: number) => Beat;

/** How much too early a timer may fire, ms. */
export const EARLY_MS = 1;

/**
 * Speed of strokes at which a level is full: two there and back in a second, about as fast as machines that stroke can. Slower
 * scripts, and that is nearly all of them, keep the difference between their slow and fast parts.
 */
const FULL_SPEED = 4;

/** The best way the device has. Throws an Error when it has none. */
export function driveFor(device: Playable, funscript: Funscript, settings: PlaySettings): Drive {
  const { range, speed, intensity } = settings;
  const place = (share: number) => blend(...range, share);
  const levelAt = (ms: number) => Math.min(1, (funscript.speedAt(ms) * speed) / FULL_SPEED) * intensity;
  if (device.has('HwPositionWithDuration')) {
    return timedMoves(funscript, settings, (position, ms) => device.positionWithDuration(place(position), ms));
  }
  // A device needs its time to get there: it is sent where it has to be when the next order comes.
  if (device.has('Position'))
    return sampled(funscript, settings, (_, next) => device.position(place(funscript.positionAt(next))));
  if (device.has('Oscillate')) return sampled(funscript, settings, (at) => device.oscillate(levelAt(at)));
  if (device.has('Vibrate')) return sampled(funscript, settings, (at) => device.vibrate(levelAt(at)));
  throw new Error(
    `${device.name ?? 'The device'} cannot play a funscript: it has none of HwPositionWithDuration, Position, Oscillate and Vibrate`,
  );
}

/** One move per action, to be there in time. Actions that follow too closely for a device are left out. */
function timedMoves(
  funscript: Funscript,
  { speed, loop }: PlaySettings,
  move: (position: number, ms: number) => Promise<void>,
): Drive {
  const nearest = (SHORTEST_GAP_MS - EARLY_MS) * speed;
  return (position) => {
    const target = actionAfter(funscript, position + nearest, loop);
    if (!target) return { send: undefined, next: funscript.duration };
    const ms = Math.round((target.at - position) / speed);
    return { send: () => move(target.position, ms), next: target.at };
  };
}

/** An order at each tick of the rate; ticks are counted from the beginning of the funscript. */
function sampled(
  { duration }: Funscript,
  { speed, rate }: PlaySettings,
  send: (at: number, next: number) => Promise<void>,
): Drive {
  const gap = (1000 / rate) * speed;
  return (position) => {
    const tick = Math.floor((position + EARLY_MS * speed) / gap);
    const next = Math.min((tick + 1) * gap, duration);
    return { send: () => send(Math.max(position, tick * gap), next), next };
  };
}

function actionAfter({ actions, duration }: Funscript, ms: number, loop: boolean): FunscriptAction | undefined {
  const action = actions[indexAfter(actions, ms)];
  if (action || !loop) return action;
  const again = actions[indexAfter(actions, ms - duration)];
  return again && { at: again.at + duration, position: again.position };
}
