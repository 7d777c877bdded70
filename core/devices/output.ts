import type { DeviceOutput, FeatureDefinition, Whereabouts } from '../catalogue/definition.js';
import type { Clock } from '../clock.js';
import { DeviceError } from '../errors.js';
import { isPositionType, type OutputCommand, type OutputType } from '../protocol/model.js';
import type { LimitedRange } from './limits.js';
import type { Purpose } from './queue-entry.js';

/** Who drives an output: a session's id. */
export type Driver = string;

/** How long a move takes that holds a stroker where it is, ms. Short, yet no jerk. */
const HOLD_MS = 100;

/** What an output was told last, whoever did: in announced steps. */
export interface OutputChange {
  readonly deviceIndex: number;
  readonly featureIndex: number;
  readonly type: OutputType;
  readonly value: number;
}

interface Move {
  readonly from: number;
  readonly to: number;
  readonly startedAt: number;
  readonly durationMs: number;
}

/** One output of one feature: the level in force and who set it. Values are device steps. */
export class Output implements Purpose {
  #level = 0;
  /** False until something was accepted, and again after a packet was lost: the device may then be at any level. */
  #known = false;
  #move: Move | undefined;
  #driver: Driver | undefined;

  constructor(
    readonly feature: FeatureDefinition,
    readonly type: OutputType,
    readonly range: LimitedRange,
    private readonly clock: Clock,
  ) {}

  get level(): number {
    return this.#level;
  }

  get driver(): Driver | undefined {
    return this.#driver;
  }

  /** Turns a command into an order for the encoder. Throws a DeviceError for what is not allowed; changes nothing. */
  order(command: OutputCommand): DeviceOutput {
    if (this.range.disabled) {
      throw new DeviceError(`${this.type} of feature ${this.feature.index} is disabled in the device settings`);
    }
    return {
      feature: this.feature,
      type: this.type,
      value: this.range.toDevice(command.value),
      duration: command.duration === undefined ? 0 : this.range.clampDuration(command.duration),
    };
  }

  /** The same level again says nothing new; a position (facts: B13) and another spray always do. */
  isRepeat(order: DeviceOutput): boolean {
    const oneShot = isPositionType(this.type) || (this.type === 'Spray' && order.value > 0);
    return !oneShot && this.#known && order.value === this.#level;
  }

  /** Takes an order as the level in force. Returns what undoes it. */
  accept(order: DeviceOutput): () => void {
    const before = { level: this.#level, known: this.#known, move: this.#move };
    if (this.type === 'HwPositionWithDuration') {
      const startedAt = this.clock.now();
      this.#move = { from: this.#positionNow(), to: order.value, startedAt, durationMs: order.duration };
    }
    this.#level = order.value;
    this.#known = true;
    return () => {
      this.#level = before.level;
      this.#known = before.known;
      this.#move = before.move;
    };
  }

  /** Of two orders that move the same part, at once or in time, the newer one counts. */
  supersedes(other: Purpose): boolean {
    return (
      other instanceof Output &&
      other.feature.index === this.feature.index &&
      isPositionType(this.type) &&
      isPositionType(other.type)
    );
  }

  /** Its part is known to rest there. */
  placed(at: number): void {
    const position = Math.round(at);
    this.#move = { from: position, to: position, startedAt: this.clock.now(), durationMs: 0 };
  }

  /** Goes on from what this output was told before its link broke; whether the device still does it, nobody knows. */
  resume(earlier: Output): void {
    this.#level = earlier.#level;
    this.#move = earlier.#move;
  }

  /** Something was sent since the device connected, and nothing lost since. */
  get isKnown(): boolean {
    return this.#known;
  }

  drivenBy(driver: Driver | undefined): void {
    this.#driver = driver;
  }

  /**
   * The order that ends what this output does; undefined when it is known to be off, or ends by itself.
   *
   * @param known where the device is and whether it moves, if somebody knows better than the time of its move tells
   */
  stopOrder(known?: Whereabouts): DeviceOutput | undefined {
    const order = { feature: this.feature, type: this.type };
    if (!isPositionType(this.type)) {
      return this.#known && this.#level === 0 ? undefined : { ...order, value: 0, duration: 0 };
    }
    if (!this.isMoving && !known?.isMoving) return undefined;
    // A long move would go on with nobody in charge: hold the position it has reached.
    const value = this.range.clampPosition(known ? Math.round(known.position) : this.#positionNow());
    return { ...order, value, duration: this.range.clampDuration(HOLD_MS), isHold: true };
  }

  /** Something is on, or on its way. */
  get isActive(): boolean {
    return isPositionType(this.type) ? this.isMoving : this.#level !== 0;
  }

  get isMoving(): boolean {
    return this.#move !== undefined && this.clock.now() < this.#move.startedAt + this.#move.durationMs;
  }

  /** A packet was lost, so nobody knows what the device does: the next order, or stop, is sent whatever it says. */
  forget(): void {
    this.#known = false;
  }

  /** Where a device that started within its limits is now; nobody knows where it was before its first move. */
  #positionNow(): number {
    if (!this.#move) return this.range.clampPosition(this.#level);
    const { from, to, startedAt, durationMs } = this.#move;
    const share = durationMs <= 0 ? 1 : Math.min((this.clock.now() - startedAt) / durationMs, 1);
    return Math.round(from + (to - from) * share);
  }
}
