import type { FeatureInfo } from './announced.js';
import { shown } from './checks.js';
import type { Client } from './client.js';
import { type Listener, Listeners, type Subscription } from './listeners.js';
import {
  fromReading,
  type InputType,
  OUTPUT_TYPES,
  type OutputType,
  type Range,
  toSteps,
  typeNamed,
} from './outputs.js';

/** Levels this script has set and not yet taken back: it stays in charge of them. */
const driven = new Set<string>();

/** Whether this script keeps an output on. */
export const isDriving = (): boolean => driven.size > 0;

export function forgetDriven(deviceIndex: number): void {
  for (const key of driven) if (key.startsWith(`${deviceIndex}/`)) driven.delete(key);
}

/** One feature of a device. Its methods do what the device's methods do, for this feature alone. */
export class Feature {
  readonly index: number;
  readonly description: string;
  readonly #client: Client;
  readonly #device: { readonly index: number; readonly name: string };
  readonly #info: FeatureInfo;
  readonly #listeners = new Map<InputType, Listeners<[value: number, feature: Feature]>>();
  #isClosed = false;

  constructor(client: Client, device: { readonly index: number; readonly name: string }, info: FeatureInfo) {
    this.index = info.FeatureIndex;
    this.description = info.FeatureDescription;
    this.#client = client;
    this.#device = device;
    this.#info = info;
  }

  get outputs(): readonly string[] {
    return Object.keys(this.#info.Output ?? {});
  }

  get inputs(): readonly string[] {
    return Object.keys(this.#info.Input ?? {});
  }

  /** The levels that an output takes: 0…1, or -1…1 where it goes both ways. */
  range(type: string): Range {
    const output = typeNamed(OUTPUT_TYPES, type);
    const [min] = this.#output(output).Value;
    return [min < 0 ? -1 : 0, 1];
  }

  has(type: string): boolean {
    const wanted = String(type).toLowerCase();
    return [...this.outputs, ...this.inputs].some((known) => known.toLowerCase() === wanted);
  }

  vibrate(level: number): Promise<void> {
    return this.drive('Vibrate', level);
  }

  rotate(level: number): Promise<void> {
    return this.drive('Rotate', level);
  }

  oscillate(level: number): Promise<void> {
    return this.drive('Oscillate', level);
  }

  constrict(level: number): Promise<void> {
    return this.drive('Constrict', level);
  }

  temperature(level: number): Promise<void> {
    return this.drive('Temperature', level);
  }

  led(level: number): Promise<void> {
    return this.drive('Led', level);
  }

  spray(level: number): Promise<void> {
    return this.drive('Spray', level);
  }

  position(position: number): Promise<void> {
    return this.drive('Position', position);
  }

  positionWithDuration(position: number, ms: number): Promise<void> {
    return this.drive('HwPositionWithDuration', position, ms);
  }

  async drive(type: OutputType, level: number, ms?: number): Promise<void> {
    this.#assertConnected();
    const output = this.#output(type);
    const Value = toSteps(type, level, output.Value);
    let command: object = { Value };
    if (type === 'HwPositionWithDuration') {
      const [least, most] = output.Duration ?? [0, 4_294_967_295];
      if (typeof ms !== 'number' || !(ms >= 0)) throw new RangeError(`A move takes a time in ms, not ${shown(ms)}`);
      command = { Value, Duration: Math.round(Math.min(most, Math.max(least, ms))) };
    } else if (type !== 'Position') this.#note(type, Value);
    await this.#client.send('OutputCmd', {
      DeviceIndex: this.#device.index,
      FeatureIndex: this.index,
      Command: { [type]: command },
    });
  }

  async stop(): Promise<void> {
    this.#assertConnected();
    for (const type of this.outputs) this.#note(type, 0);
    await this.#client.send('StopCmd', { DeviceIndex: this.#device.index, FeatureIndex: this.index, Inputs: false });
  }

  async read(type: InputType): Promise<number> {
    this.#assertConnected();
    const input = this.#input(type, 'Read');
    const reply = await this.#client.send('InputCmd', this.#inputCommand(type, 'Read'));
    return fromReading(type, readingOf(reply, type), input.Value);
  }

  /** Calls `listener` with every reading of this type. */
  on(type: InputType, listener: Listener): Subscription {
    this.#input(type, 'Subscribe');
    this.#assertConnected();
    let listeners = this.#listeners.get(type);
    if (!listeners) {
      listeners = new Listeners();
      this.#listeners.set(type, listeners);
    }
    const isFirst = listeners.isEmpty;
    const subscription = listeners.add(listener, () => {
      if (this.#listeners.get(type)?.isEmpty) void this.#subscribe(type, 'Unsubscribe').catch(() => {});
    });
    if (isFirst) {
      void this.#subscribe(type, 'Subscribe').catch((error: unknown) => {
        // Nobody listens to a device that is gone; that it is, the script hears by itself.
        if (!this.#isClosed) throw error;
      });
    }
    return subscription;
  }

  /** The gateway reports a reading. */
  take(type: InputType, value: number): void {
    const ranges = this.#info.Input?.[type]?.Value ?? [];
    this.#listeners.get(type)?.tell(fromReading(type, value, ranges), this);
  }

  /** The device is gone. */
  close(): void {
    this.#isClosed = true;
    for (const listeners of this.#listeners.values()) listeners.clear();
    this.#listeners.clear();
  }

  /** By the time somebody uses a feature of a device that is gone, its index may be that of another device. */
  #assertConnected(): void {
    if (this.#isClosed) throw new Error(`${this.#device.name} is not connected any more`);
  }

  get #name(): string {
    return `${this.#device.name}, feature ${this.index},`;
  }

  #note(type: string, value: number): void {
    const key = `${this.#device.index}/${this.index}/${type}`;
    if (value === 0) driven.delete(key);
    else driven.add(key);
  }

  #output(type: OutputType) {
    const output = this.#info.Output?.[type];
    if (output) return output;
    throw new Error(`${this.#name} has no ${type}; it has ${this.outputs.join(', ') || 'no outputs'}`);
  }

  #input(type: InputType, command: 'Read' | 'Subscribe') {
    const input = this.#info.Input?.[type];
    if (!input) throw new Error(`${this.#name} has no ${type}; it has ${this.inputs.join(', ') || 'no inputs'}`);
    if (input.Command.includes(command)) return input;
    throw new Error(
      command === 'Read'
        ? `${type} of ${this.#name} cannot be read; listen to it with on("${type.toLowerCase()}", …)`
        : `${type} of ${this.#name} does not report by itself; read it from time to time`,
    );
  }

  async #subscribe(type: InputType, Command: 'Subscribe' | 'Unsubscribe'): Promise<void> {
    await this.#client.send('InputCmd', this.#inputCommand(type, Command));
  }

  #inputCommand(Type: InputType, Command: string) {
    return { DeviceIndex: this.#device.index, FeatureIndex: this.index, Type, Command };
  }
}

function readingOf(body: Readonly<Record<string, unknown>>, type: string): number {
  return Number(Object(Object(body.Reading)[type]).Value);
}
