import type { Clock, DeviceRegister, OutputChange, OutputType, Timer } from 'pulsegate/plugin';

export type OutputAddress = Pick<OutputChange, 'deviceIndex' | 'featureIndex' | 'type'>;

/** What an output is about to be told. */
export interface HeldOrder {
  readonly value: number;
  /** It does something for longer than it may without being told again; else it ends what was held before. */
  readonly goesOn: boolean;
  /** ms */
  readonly holdMs: number;
}

/** An order on its way to the gateway; whoever gave it says how that ended. */
export interface PendingOrder {
  settled(isTaken: boolean): void;
}

interface Hold extends OutputAddress {
  /** What the gateway has taken last from here. */
  taken: number | undefined;
  /** Orders that it has not answered yet. */
  underWay: number;
  /** When it ends, in time of the clock. */
  until: number;
  firesAt: number;
  timer: Timer;
}

const keyOf = ({ deviceIndex, featureIndex, type }: OutputAddress): `${number}/${number}/${OutputType}` =>
  `${deviceIndex}/${featureIndex}/${type}`;
const NOBODY_WAITS: PendingOrder = { settled() {} };

/**
 * The dead man's switch of plain topics: what nobody sets again in time is stopped. Nothing ends a hold but its time, or a newer
 * order that the gateway has taken: one that is refused leaves the output as it was.
 */
export class Holds {
  readonly #holds = new Map<string, Hold>();

  constructor(
    private readonly clock: Clock,
    private readonly devices: Pick<DeviceRegister, 'outputs'>,
    private readonly stop: (address: OutputAddress) => void,
  ) {}

  begin(address: OutputAddress, { value, goesOn, holdMs }: HeldOrder): PendingOrder {
    const key = keyOf(address);
    let hold = this.#holds.get(key);
    if (!hold) {
      if (!goesOn) return NOBODY_WAITS;
      hold = this.#create(key, address, holdMs);
    } else if (goesOn) this.#prolong(key, hold, holdMs);
    hold.underWay += 1;
    const held = hold;
    return { settled: (isTaken) => this.#settled(key, held, isTaken, value, goesOn) };
  }

  clear(): void {
    for (const { timer } of this.#holds.values()) timer.cancel();
    this.#holds.clear();
  }

  #create(key: string, { deviceIndex, featureIndex, type }: OutputAddress, holdMs: number): Hold {
    const until = this.clock.now() + holdMs;
    const timer = this.clock.after(holdMs, () => this.#fire(key));
    const hold = { deviceIndex, featureIndex, type, taken: undefined, underWay: 0, until, firesAt: until, timer };
    this.#holds.set(key, hold);
    return hold;
  }

  /** A timer that fires too early looks again: a thousand orders a second do not need a thousand timers. */
  #prolong(key: string, hold: Hold, holdMs: number): void {
    hold.until = this.clock.now() + holdMs;
    if (hold.until < hold.firesAt) this.#arm(key, hold, holdMs);
  }

  #arm(key: string, hold: Hold, afterMs: number): void {
    hold.timer.cancel();
    hold.firesAt = hold.until;
    hold.timer = this.clock.after(afterMs, () => this.#fire(key));
  }

  #fire(key: string): void {
    const hold = this.#holds.get(key);
    if (!hold) return;
    const leftMs = hold.until - this.clock.now();
    if (leftMs > 0) {
      this.#arm(key, hold, leftMs);
      return;
    }
    this.#holds.delete(key);
    if (hold.underWay > 0 || this.#isOurs(hold)) this.stop(hold);
  }

  /** What somebody else has told it since is for them to end. */
  #isOurs({ deviceIndex, featureIndex, type, taken }: Hold): boolean {
    return this.devices
      .outputs(deviceIndex)
      .some((output) => output.featureIndex === featureIndex && output.type === type && output.value === taken);
  }

  #settled(key: string, hold: Hold, isTaken: boolean, value: number, goesOn: boolean): void {
    hold.underWay -= 1;
    if (isTaken) hold.taken = value;
    const isOver = isTaken ? !goesOn : hold.taken === undefined;
    if (!isOver || hold.underWay > 0 || this.#holds.get(key) !== hold) return;
    hold.timer.cancel();
    this.#holds.delete(key);
  }
}
