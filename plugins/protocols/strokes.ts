import type { Clock, DeviceOutput, DeviceWrite, ProtocolHandler, Whereabouts } from 'pulsegate/plugin';

/** Drives the one part of a device that timed moves put. */
export type Stroker = Required<Pick<ProtocolHandler, 'output' | 'whereabouts' | 'resume'>>;

/** Reckons where a part is that goes to its places at an even speed, from where it has got to. In device steps. */
class PositionTracker {
  #move:
    | { readonly from: number; readonly to: number; readonly startedAt: number; readonly durationMs: number }
    | undefined;
  /** What a connection before this one has started may still go on. */
  #mayMove = false;

  /** @param isHomed the device was sent to 0, whatever it did before; otherwise nobody knows where it is until it moves */
  constructor(
    private readonly clock: Clock,
    private readonly isHomed = false,
  ) {}

  get now(): number {
    if (!this.#move) return 0;
    const { from, to, startedAt, durationMs } = this.#move;
    const share = durationMs <= 0 ? 1 : Math.min((this.clock.now() - startedAt) / durationMs, 1);
    return from + (to - from) * share;
  }

  get whereabouts(): Whereabouts | undefined {
    if (!this.#move && !this.isHomed) return undefined;
    const isOnItsWay = this.#move !== undefined && this.clock.now() < this.#move.startedAt + this.#move.durationMs;
    return { position: this.now, isMoving: this.#mayMove || isOnItsWay };
  }

  setOut(to: number, durationMs: number): void {
    this.#move = { from: this.now, to, startedAt: this.clock.now(), durationMs };
    this.#mayMove = false;
  }

  resume({ position, isMoving }: Whereabouts): void {
    if (this.isHomed) return;
    this.#move = { from: position, to: position, startedAt: this.clock.now(), durationMs: 0 };
    this.#mayMove = isMoving;
  }
}

export interface SpeedCodes {
  /** The code of the speed that takes a device that far in this time, ms. */
  codeFor(distance: number, durationMs: number): number;
  /** How long a device takes for a distance at a speed, ms; undefined: with this code it does not move. */
  durationAt(code: number, distance: number): number | undefined;
  /**
   * The code to hold with, given that of the move which ends. Default: half as fast, so that an estimate which is a little wrong
   * is made up for without haste.
   */
  holdCode?(code: number): number;
  /** Parts of a step that a packet can tell. Default 1. */
  readonly partsOfStep?: number;
  /** It was sent to 0 before its first stroke. */
  readonly isHomed?: boolean;
  /** The same goal again counts from where the device is, not from the goal itself. */
  readonly resumesRepeated?: boolean;
}

export interface Stroke {
  readonly place: number;
  readonly code: number;
}

const SLOWEST = 1;
const halved = (code: number) => (code > SLOWEST ? Math.floor(code / 2) : code);

/**
 * A device that is told a place and a speed. A stroke is reckoned from the goal of the one that set out before, the first from 0 or
 * from where the device was when it dropped out. How far a stroke has got, its speed tells better than the time it was given.
 */
export function strokesBySpeed(
  clock: Clock,
  { codeFor, durationAt, holdCode = halved, partsOfStep = 1, isHomed = false, resumesRepeated = false }: SpeedCodes,
  encode: (stroke: Stroke, order: DeviceOutput) => DeviceWrite,
): Stroker {
  const tracker = new PositionTracker(clock, isHomed);
  let goal = 0;
  let code = SLOWEST;

  /** Counts from when the packet sets out: one whose place another takes moves nothing. */
  const leaving = (place: number, newCode: number) => () => {
    goal = place;
    code = newCode;
    tracker.setOut(place, durationAt(newCode, Math.abs(place - tracker.now)) ?? 0);
  };
  const hold = (order: DeviceOutput): DeviceWrite => {
    const here = tracker.now;
    // Another step than this one is as near as the user's limits let it come.
    const place = Math.round(here) === order.value ? Math.round(here * partsOfStep) / partsOfStep : order.value;
    const slow = holdCode(code);
    const onDeparture = leaving(place, slow);
    // Nothing takes the place of a stop, and what is ordered before it has set out counts from there.
    onDeparture();
    return { ...encode({ place, code: slow }, order), onDeparture };
  };
  const go = (order: DeviceOutput): DeviceWrite => {
    const { value, duration } = order;
    const isRepeated = value === goal;
    const wanted = codeFor(Math.abs(value - (isRepeated && resumesRepeated ? tracker.now : goal)), duration);
    const write = encode({ place: value, code: wanted }, order);
    // No distance, no speed: a stroke that is under way to this goal is still the one that a stop would end.
    return isRepeated && wanted === 0 ? write : { ...write, onDeparture: leaving(value, wanted) };
  };

  return {
    output: (order) => [order.isHold ? hold(order) : go(order)],
    whereabouts: () => tracker.whereabouts,
    resume(_feature, from) {
      tracker.resume(from);
      goal = Math.round(tracker.now);
    },
  };
}

/**
 * A device that is told how long to take, but no more than `longestMs`: it ends longer moves sooner, and is stopped where that has
 * brought it.
 */
export function strokesUpTo(
  clock: Clock,
  longestMs: number,
  encode: (order: DeviceOutput) => DeviceWrite,
  { isHomed = false }: Pick<SpeedCodes, 'isHomed'> = {},
): Stroker {
  const tracker = new PositionTracker(clock, isHomed);
  return {
    output(order) {
      const duration = Math.min(order.duration, longestMs);
      return [{ ...encode({ ...order, duration }), onDeparture: () => tracker.setOut(order.value, duration) }];
    },
    whereabouts: () => tracker.whereabouts,
    resume: (_feature, from) => tracker.resume(from),
  };
}
