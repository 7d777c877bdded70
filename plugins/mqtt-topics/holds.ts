import type { Clock, DeviceRegister, OutputChange, OutputType, Timer } from 'pulsegate/plugin';

export type Address = Pick<OutputChange, 'deviceIndex' | 'featureIndex' | 'type'>;

const keyOf = (deviceIndex: number, featureIndex: number, type: OutputType) => `${deviceIndex}/${featureIndex}/${type}`;

/** The dead man's switch of plain topics: what nobody sets again in time is stopped. */
export class Holds {
  readonly #timers = new Map<string, Timer>();

  constructor(
    private readonly clock: Clock,
    private readonly devices: DeviceRegister,
    private readonly stop: (address: Address) => void,
  ) {}

  /** The output is set to this, and may stay so for that long. */
  set(address: Address, value: number, holdMs: number): void {
    this.release(address);
    const key = keyOf(address.deviceIndex, address.featureIndex, address.type);
    const timer = this.clock.after(holdMs, () => {
      this.#timers.delete(key);
      // Somebody else may have told it something else: then it is theirs, and not for us to stop.
      if (this.#current(address) === value) this.stop(address);
    });
    this.#timers.set(key, timer);
  }

  /** It is off, or ends by itself. */
  release({ deviceIndex, featureIndex, type }: Address): void {
    const key = keyOf(deviceIndex, featureIndex, type);
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
  }

  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #current({ deviceIndex, featureIndex, type }: Address): number | undefined {
    const outputs = this.devices.outputs(deviceIndex);
    return outputs.find((output) => output.featureIndex === featureIndex && output.type === type)?.value;
  }
}
