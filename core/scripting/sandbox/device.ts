import type { DeviceInfo } from './announced.js';
import type { Client } from './client.js';
import { Feature, forgetDriven } from './feature.js';
import { type Listener, Listeners, type Subscription } from './listeners.js';
import { INPUT_TYPES, type InputType, OUTPUT_TYPES, type OutputType, type Range, typeNamed } from './outputs.js';

/** A connected device. Its methods drive every feature that has the output. */
export class Device {
  readonly index: number;
  readonly name: string;
  readonly displayName: string;
  readonly features: readonly Feature[];
  readonly #client: Client;
  readonly #removed = new Listeners<[device: Device]>();
  #isConnected = true;

  constructor(client: Client, info: DeviceInfo) {
    this.index = info.DeviceIndex;
    this.name = info.DeviceName;
    this.displayName = info.DeviceDisplayName ?? info.DeviceName;
    this.#client = client;
    this.features = Object.values(info.DeviceFeatures)
      .sort((left, right) => left.FeatureIndex - right.FeatureIndex)
      .map((feature) => new Feature(client, this, feature));
  }

  get connected(): boolean {
    return this.#isConnected;
  }

  get outputs(): readonly string[] {
    return [...new Set(this.features.flatMap(({ outputs }) => outputs))];
  }

  get inputs(): readonly string[] {
    return [...new Set(this.features.flatMap(({ inputs }) => inputs))];
  }

  has(type: string): boolean {
    return this.features.some((feature) => feature.has(type));
  }

  /** The levels that an output takes: 0…1, or -1…1 where it goes both ways; of the first feature that has it. */
  range(type: string): Range {
    return this.#having('outputs', typeNamed(OUTPUT_TYPES, type))[0].range(type);
  }

  /** The feature of this index. */
  feature(index: number): Feature {
    const feature = this.features.find((one) => one.index === index);
    if (!feature) {
      const known = this.features.map((one) => one.index).join(', ');
      throw new RangeError(`${this.name} has no feature ${index}; it has ${known || 'none'}`);
    }
    return feature;
  }

  vibrate(level: number): Promise<void> {
    return this.#drive('Vibrate', level);
  }

  rotate(level: number): Promise<void> {
    return this.#drive('Rotate', level);
  }

  oscillate(level: number): Promise<void> {
    return this.#drive('Oscillate', level);
  }

  constrict(level: number): Promise<void> {
    return this.#drive('Constrict', level);
  }

  temperature(level: number): Promise<void> {
    return this.#drive('Temperature', level);
  }

  led(level: number): Promise<void> {
    return this.#drive('Led', level);
  }

  spray(level: number): Promise<void> {
    return this.#drive('Spray', level);
  }

  position(position: number): Promise<void> {
    return this.#drive('Position', position);
  }

  positionWithDuration(position: number, ms: number): Promise<void> {
    return this.#drive('HwPositionWithDuration', position, ms);
  }

  async stop(): Promise<void> {
    this.#assertConnected();
    forgetDriven(this.index);
    await this.#client.send('StopCmd', { DeviceIndex: this.index, Inputs: false });
  }

  /** Charge, 0…1. */
  battery(): Promise<number> {
    return this.read('Battery');
  }

  /** Signal strength, dBm. */
  rssi(): Promise<number> {
    return this.read('RSSI');
  }

  /** Reads an input of the first feature that has it. */
  async read(type: string): Promise<number> {
    const input = typeNamed(INPUT_TYPES, type);
    return this.#having('inputs', input)[0].read(input);
  }

  /** Listens to an input of every feature that has it, or to the device going away. */
  on(type: string, listener: Listener): Subscription {
    if (type === 'removed') return this.#removed.add(listener);
    const input = typeNamed(INPUT_TYPES, type);
    const subscriptions = this.#having('inputs', input).map((feature) => feature.on(input, listener));
    return {
      cancel() {
        for (const subscription of subscriptions) subscription.cancel();
      },
    };
  }

  /** The gateway reports a reading. */
  take(featureIndex: number, type: InputType, value: number): void {
    this.features.find(({ index }) => index === featureIndex)?.take(type, value);
  }

  /** The device is gone. */
  close(): void {
    this.#isConnected = false;
    forgetDriven(this.index);
    for (const feature of this.features) feature.close();
    this.#removed.tell(this);
    this.#removed.clear();
  }

  async #drive(type: OutputType, level: number, ms?: number): Promise<void> {
    await Promise.all(this.#having('outputs', type).map((feature) => feature.drive(type, level, ms)));
  }

  #assertConnected(): void {
    if (!this.#isConnected) throw new Error(`${this.name} is not connected any more`);
  }

  /** A position is an output of some features and an input of others. */
  #having(kind: 'outputs' | 'inputs', type: OutputType | InputType): [Feature, ...Feature[]] {
    this.#assertConnected();
    const [first, ...others] = this.features.filter((feature) => feature[kind].includes(type));
    if (first) return [first, ...others];
    throw new Error(`${this.name} has no ${type}; it has ${this[kind].join(', ') || 'nothing of the kind'}`);
  }
}
