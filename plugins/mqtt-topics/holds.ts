import type { Clock, OutputChange, OutputType, Timer } from 'pulsegate/plugin';

export type OutputAddress = Pick<OutputChange, 'deviceIndex' | 'featureIndex' | 'type'>;

/** An order on its way to the gateway; whoever gave it says how that ended. */
export interface PendingOrder {
  settled(isTaken: boolean): void;
}

interface Hold extends OutputAddress {
  /** What it was told last from here. */
  asked: number;
  /** What it is known to be at; undefined until something is. */
  now: number | undefined;
  /** When it stops, in time of the clock. */
  until: number;
  /** Orders that nobody has answered yet. What the output is told meanwhile may be any of them. */
  underWay: number;
  /** One of them was refused, so that the output may rightly be at something else than what was asked for last. */
  hasFailed: boolean;
  timer: Timer;
  firesAt: number;
}

const keyOf = (deviceIndex: number, featureIndex: number, type: OutputType) => `${deviceIndex}/${featureIndex}/${type}`;
const NOBODY_WAITS: PendingOrder = { settled() {} };

/**
 * The dead man's switch of plain topics: what nobody sets again in time is stopped. Orders are carried out some time after they
 * were given, and several may be on their way; a hold is given up only when it is certain that the output is off, or somebody
 * else's.
 */
export class Holds {
  readonly #holds = new Map<string, Hold>();

  constructor(
    private readonly clock: Clock,
    private readonly stop: (address: OutputAddress) => void,
  ) {}

  /** The output is about to be told this, and may stay so for that long. */
  begin(address: OutputAddress, value: number, holdMs: number): PendingOrder {
    const key = keyOf(address.deviceIndex, address.featureIndex, address.type);
    let hold = this.#holds.get(key);
    if (!hold) {
      if (value === 0) return NOBODY_WAITS;
      hold = this.#create(key, address, value, holdMs);
    } else if (value !== 0) this.#prolong(key, hold, holdMs);
    hold.asked = value;
    hold.underWay += 1;
    const held = hold;
    return { settled: (isTaken) => this.#settled(key, held, value, isTaken) };
  }

  /** An output was told something, by anybody. */
  changed({ deviceIndex, featureIndex, type, value }: OutputChange): void {
    // Every order of every client comes by here.
    if (this.#holds.size === 0) return;
    const key = keyOf(deviceIndex, featureIndex, type);
    const hold = this.#holds.get(key);
    if (!hold) return;
    hold.now = value;
    // It is theirs now, and not for us to stop.
    if (hold.underWay === 0 && value !== hold.asked) this.#drop(key, hold);
  }

  clear(): void {
    for (const { timer } of this.#holds.values()) timer.cancel();
    this.#holds.clear();
  }

  #create(key: string, address: OutputAddress, asked: number, holdMs: number): Hold {
    const until = this.clock.now() + holdMs;
    const timer = this.clock.after(holdMs, () => this.#fire(key));
    const hold = { ...address, asked, now: undefined, until, underWay: 0, hasFailed: false, timer, firesAt: until };
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
    this.stop(hold);
  }

  #settled(key: string, hold: Hold, value: number, isTaken: boolean): void {
    if (this.#holds.get(key) !== hold) return;
    hold.underWay -= 1;
    // Being told the same once more is no change.
    if (isTaken) hold.now ??= value;
    else hold.hasFailed = true;
    if (hold.underWay > 0) return;
    const { now, asked, hasFailed } = hold;
    if (now === undefined || now === 0 || (now !== asked && !hasFailed)) {
      this.#drop(key, hold);
      return;
    }
    hold.asked = now;
    hold.hasFailed = false;
  }

  #drop(key: string, { timer }: Hold): void {
    timer.cancel();
    this.#holds.delete(key);
  }
}
