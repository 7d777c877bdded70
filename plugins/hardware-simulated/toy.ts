import type { Advertisement, Clock, Endpoint, OutputType } from 'pulsegate/plugin';
import { Battery } from './battery.js';
import { advertisementOf, type Blueprint } from './blueprint.js';
import type { Firmware, Toy } from './firmware.js';
import { Motors, type OutputState } from './motors.js';
import { PacketLog, type PacketRecord } from './packets.js';

/** Takes what the toy sends while it is connected. */
type Receiver = (endpoint: Endpoint, data: Uint8Array) => void;

interface ToyNames {
  /** For people and URLs: `lovense-edge-1`. */
  readonly id: string;
  readonly address: string;
}

/**
 * One toy: its motors, its battery, and what it was told. A dropped link changes nothing in it; like most real toys it goes on with
 * what it was doing.
 */
export class SimulatedToy implements Toy {
  readonly id: string;
  readonly address: string;
  readonly name: string;
  readonly identifier: string;
  readonly advertisement: Advertisement;
  readonly #motors: Motors;
  readonly #battery: Battery;
  readonly #packets: PacketLog;
  readonly #firmware: Firmware | undefined;
  #receiver: Receiver | undefined;

  constructor(
    readonly blueprint: Blueprint,
    { id, address }: ToyNames,
    startPercent: number,
    clock: Clock,
  ) {
    this.id = id;
    this.address = address;
    this.name = blueprint.advertisedName;
    this.identifier = blueprint.identifier;
    this.advertisement = advertisementOf(blueprint, address);
    this.#motors = new Motors(blueprint.firmware ? blueprint.model.features : [], clock);
    this.#battery = new Battery(startPercent, clock, (since, until) => this.#motors.work(since, until));
    this.#packets = new PacketLog(clock);
    this.#firmware = blueprint.firmware?.create(this);
  }

  get battery(): number {
    return this.#battery.percent;
  }

  get connected(): boolean {
    return this.#receiver !== undefined;
  }

  /** False: the packets are kept, but nobody knows what they do. */
  get isDecoded(): boolean {
    return this.#firmware !== undefined;
  }

  get outputs(): readonly OutputState[] {
    return this.#motors.states;
  }

  get packets(): readonly PacketRecord[] {
    return this.#packets.records;
  }

  connect(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  disconnect(): void {
    this.#receiver = undefined;
  }

  /** A packet has arrived. */
  write(endpoint: Endpoint, data: Uint8Array): void {
    this.#packets.add(endpoint, data);
    this.#firmware?.write(endpoint, data);
  }

  /** Undefined: there is nothing to read. */
  read(endpoint: Endpoint): Uint8Array | undefined {
    const own = this.#firmware?.read?.(endpoint);
    // The standard battery service needs no firmware of its own.
    return own ?? (endpoint === 'rxblebattery' ? Uint8Array.of(this.battery) : undefined);
  }

  /** Somebody listens from now on. */
  subscribed(endpoint: Endpoint): void {
    this.#firmware?.subscribed?.(endpoint);
  }

  /** Somebody presses or squeezes it. False: this toy has no way to feel it. */
  sense(featureIndex: number, value: number): boolean {
    if (!this.#firmware?.sense) return false;
    this.#firmware.sense(featureIndex, value);
    return true;
  }

  set(featureIndex: number, type: OutputType, level: number): void {
    this.#battery.settle();
    this.#motors.set(featureIndex, type, level);
  }

  move(featureIndex: number, target: number, durationMs: number): void {
    this.#battery.settle();
    this.#motors.move(featureIndex, target, durationMs);
  }

  position(featureIndex: number): number {
    return this.#motors.position(featureIndex);
  }

  notify(endpoint: Endpoint, data: Uint8Array): void {
    this.#receiver?.(endpoint, data);
  }
}
