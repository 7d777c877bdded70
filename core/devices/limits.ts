import { DeviceError } from '../errors.js';
import {
  isPositionType,
  mayBeNegative,
  type OutputProperties,
  type OutputType,
  type Range,
} from '../protocol/model.js';

/** What a user set for one output of one device. */
export interface UserLimit {
  /** Least and greatest device step in use, for both directions alike. */
  readonly range?: Range | undefined;
  readonly duration?: Range | undefined;
  readonly disabled?: boolean | undefined;
  /** Positions: mirrored. Rotation both ways: turns the other way. */
  readonly reversed?: boolean | undefined;
}

/**
 * The last step before the encoder: turns announced steps into device steps, within the user's limits. No order reaches a
 * device in any other way (facts: messages, §7).
 */
export class LimitedRange {
  readonly announced: OutputProperties;
  readonly disabled: boolean;
  readonly #offset: number;
  readonly #top: number;
  readonly #reversed: boolean;

  /** Throws a DeviceError when the user's range does not lie within the device's. */
  constructor(
    readonly type: OutputType,
    base: OutputProperties,
    limit: UserLimit = {},
  ) {
    const [baseLow, baseTop] = base.value;
    const [low, top] = limit.range ?? [0, baseTop];
    if (low < 0 || low > top || top > baseTop) {
      throw new DeviceError(`the range ${low}…${top} for ${type} does not lie within the device's 0…${baseTop}`);
    }
    const steps = top - low;
    // A table may say anything: no handler has bytes for less than no vibration.
    const signed = baseLow < 0 && mayBeNegative(type);
    this.#offset = low;
    this.#top = top;
    this.#reversed = (limit.reversed ?? false) && (isPositionType(type) || signed);
    this.disabled = limit.disabled ?? false;
    const value: Range = [signed ? -steps : 0, steps];
    const duration = limit.duration ?? base.duration;
    this.announced = duration ? { value, duration } : { value };
  }

  /** Announced steps to device steps. Throws a DeviceError for what is no step of the announced range. */
  toDevice(value: number): number {
    const [low, high] = this.announced.value;
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new DeviceError(`${this.type} takes ${low} to ${high}, not ${value}`);
    }
    if (isPositionType(this.type)) return this.#reversed ? this.#top - value : this.#offset + value;
    if (value === 0) return 0;
    const magnitude = this.#offset + Math.abs(value);
    return value < 0 !== this.#reversed ? -magnitude : magnitude;
  }

  /** The nearest device step in use; for positions, which may have come from anywhere. */
  clampPosition(value: number): number {
    return Math.min(Math.max(value, this.#offset), this.#top);
  }

  /** Device steps back to announced ones. */
  fromDevice(value: number): number {
    if (isPositionType(this.type)) return this.#reversed ? this.#top - value : value - this.#offset;
    const magnitude = Math.max(Math.abs(value) - this.#offset, 0);
    return value < 0 !== this.#reversed ? -magnitude : magnitude;
  }

  /** Keeps a duration within what the device takes, ms. */
  clampDuration(duration: number): number {
    const [least, most] = this.announced.duration ?? [0, duration];
    return Math.min(Math.max(duration, least), most);
  }
}
