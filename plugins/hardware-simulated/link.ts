import {
  type Clock,
  type Endpoint,
  Events,
  type HardwareLink,
  LinkError,
  type LinkEvents,
  type LinkKind,
} from 'pulsegate/plugin';
import type { DeviceConfig } from './config.js';
import type { Random } from './random.js';
import type { SignalStrength } from './signal.js';
import type { SimulatedToy } from './toy.js';

/** What a link passes through on its way to the toy. */
export interface LinkSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: SignalStrength;
  readonly onListenerError: (error: unknown, event: string) => void;
}

export type LinkQuality = Pick<DeviceConfig, 'latency' | 'packetLoss' | 'writeErrors' | 'messageGap'>;

/** One connection to a toy, as slow and as bad as its quality says. */
export class SimulatedLink implements HardwareLink {
  readonly name: string;
  readonly address: string;
  readonly kind: LinkKind;
  readonly messageGapMs: number;
  readonly needsKeepalive = false;
  /** Only a radio has a signal strength. */
  readonly rssi?: () => Promise<number>;
  readonly #subscribed = new Set<Endpoint>();
  readonly #lost = new AbortController();
  readonly #events: Events<LinkEvents>;

  constructor(
    private readonly toy: SimulatedToy,
    readonly endpoints: ReadonlySet<Endpoint>,
    private readonly quality: LinkQuality,
    private readonly surroundings: LinkSurroundings,
  ) {
    this.name = toy.name;
    this.address = toy.address;
    this.kind = toy.advertisement.kind;
    this.messageGapMs = quality.messageGap;
    this.#events = new Events(surroundings.onListenerError);
    if (this.kind === 'bluetooth') this.rssi = () => this.#readSignal();
    toy.connect((endpoint, data) => this.#receive(endpoint, data));
  }

  on<K extends keyof LinkEvents>(event: K, listener: (...args: LinkEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  async write(endpoint: Endpoint, data: Uint8Array): Promise<void> {
    await this.#pass(endpoint);
    const { random } = this.surroundings;
    const [isRefused, isLost] = [random.chance(this.quality.writeErrors), random.chance(this.quality.packetLoss)];
    if (isRefused) throw new LinkError(`${this.name} did not take a packet`);
    if (!isLost) this.toy.write(endpoint, data);
  }

  async read(endpoint: Endpoint): Promise<Uint8Array> {
    await this.#pass(endpoint);
    const data = this.toy.read(endpoint);
    if (!data) throw new LinkError(`${this.name} has nothing to read on ${endpoint}`);
    return data;
  }

  async subscribe(endpoint: Endpoint): Promise<void> {
    await this.#pass(endpoint);
    this.#subscribed.add(endpoint);
    this.toy.subscribed(endpoint);
  }

  async unsubscribe(endpoint: Endpoint): Promise<void> {
    await this.#pass(endpoint);
    this.#subscribed.delete(endpoint);
  }

  async disconnect(): Promise<void> {
    this.lose('disconnected on request');
  }

  /** The connection is gone, and everything under way on it fails. Harmless when repeated. */
  lose(reason: string): void {
    if (this.#lost.signal.aborted) return;
    this.toy.disconnect();
    this.#lost.abort(new LinkError(`${this.name} is not connected any more: ${reason}`));
    this.#events.emit('disconnected', reason);
  }

  async #readSignal(): Promise<number> {
    this.#lost.signal.throwIfAborted();
    return this.surroundings.signal.dbm;
  }

  /** The way to the toy: takes its time, and may end meanwhile. */
  async #pass(endpoint: Endpoint): Promise<void> {
    const { signal } = this.#lost;
    signal.throwIfAborted();
    if (!this.endpoints.has(endpoint)) throw new LinkError(`${this.name} has no endpoint ${endpoint}`);
    if (this.quality.latency > 0) await this.surroundings.clock.sleep(this.quality.latency, signal);
  }

  #receive(endpoint: Endpoint, data: Uint8Array): void {
    if (this.#subscribed.has(endpoint)) this.#events.emit('notification', endpoint, data);
  }
}
