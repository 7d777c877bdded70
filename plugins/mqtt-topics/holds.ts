import type { Clock, OutputChange, OutputType, Timer } from 'pulsegate/plugin';

type Address = Pick<OutputChange, 'deviceIndex' | 'featureIndex' | 'type'>;

interface Hold extends Address {
  readonly value: number;
  readonly timer: Timer;
}

const keyOf = (deviceIndex: number, featureIndex: number, type: OutputType) => `${deviceIndex}/${featureIndex}/${type}`;

/** The dead man's switch of plain topics: what nobody sets again in time is stopped. */
export class Holds {
  readonly #holds = new Map<string, Hold>();

  constructor(
    private readonly clock: Clock,
    private readonly stop: (address: Address) => void,
  ) {}

  /** The output was set to this just now, and may stay so for that long. */
  set(address: Address, value: number, holdMs: number): void {
    const key = keyOf(address.deviceIndex, address.featureIndex, address.type);
    this.#holds.get(key)?.timer.cancel();
    this.#holds.delete(key);
    if (value === 0) return;
    const timer = this.clock.after(holdMs, () => {
      this.#holds.delete(key);
      this.stop(address);
    });
    this.#holds.set(key, { ...address, value, timer });
  }

  /** Somebody has told the output something else: it is theirs now, and not for us to stop. */
  changed({ deviceIndex, featureIndex, type, value }: OutputChange): void {
    const key = keyOf(deviceIndex, featureIndex, type);
    const hold = this.#holds.get(key);
    if (!hold || hold.value === value) return;
    hold.timer.cancel();
    this.#holds.delete(key);
  }

  clear(): void {
    for (const { timer } of this.#holds.values()) timer.cancel();
    this.#holds.clear();
  }
}
