import {
  type Clock,
  type DeviceCard,
  type DeviceRegister,
  type EventSource,
  Events,
  type Logger,
  type Timer,
} from 'pulsegate/plugin';
import { type KnownDevice, knownDevice } from './known-device.js';
import type { Memory } from './memory.js';

export interface RosterEvents {
  /** The device is new, or something about it has changed. */
  known: [device: KnownDevice];
  forgotten: [id: string];
  /** How many are connected. */
  count: [count: number];
}

export interface RosterOptions {
  readonly removed: 'unavailable' | 'cleared';
  readonly graceMs: number;
  /** 0: never. */
  readonly forgetAfterDays: number;
  /** Whether devices of other servers belong to it. */
  readonly remote: boolean;
}

const DAY_MS = 86_400_000;
/** The protocol of devices that another server has. */
const REMOTE = 'remote';

/** The devices that Home Assistant has, or ought to have: those that are connected, and those that are only away. */
export class Roster implements EventSource<RosterEvents>, Disposable {
  readonly #events: Events<RosterEvents>;
  readonly #owned = new DisposableStack();
  readonly #leaving = new Map<string, Timer>();

  constructor(
    private readonly register: DeviceRegister,
    private readonly memory: Memory,
    private readonly clock: Clock,
    log: Logger,
    private readonly options: RosterOptions,
  ) {
    this.#events = new Events((error, event) => log.error({ err: error, event }, 'an announcement failed'));
    this.#owned.use(register.on('added', (card) => this.#added(card)));
    this.#owned.use(register.on('removed', (card) => this.#removed(card)));
    const daily = clock.every(DAY_MS, () => this.#review());
    this.#owned.defer(() => daily.cancel());
    this.#review();
    for (const { id } of this.devices) if (!this.#connected.has(id)) this.#leave(id);
  }

  on: EventSource<RosterEvents>['on'] = (event, listener) => this.#events.on(event, listener);

  get devices(): readonly KnownDevice[] {
    return this.memory.devices.map(({ device }) => device);
  }

  get count(): number {
    return this.register.cards.length;
  }

  [Symbol.dispose](): void {
    this.#rememberConnected();
    for (const timer of this.#leaving.values()) timer.cancel();
    this.#owned.dispose();
  }

  get #connected(): ReadonlyMap<string, DeviceCard> {
    return new Map(this.register.cards.filter((card) => this.#belongs(card)).map((card) => [card.id, card]));
  }

  #belongs({ protocol }: Pick<DeviceCard, 'protocol'>): boolean {
    return this.options.remote || protocol !== REMOTE;
  }

  #rememberConnected(): void {
    for (const card of this.#connected.values()) this.memory.remember(knownDevice(card));
  }

  #added(card: DeviceCard): void {
    this.#events.emit('count', this.count);
    if (!this.#belongs(card)) return;
    this.#leaving.get(card.id)?.cancel();
    this.#leaving.delete(card.id);
    const device = knownDevice(card);
    this.memory.remember(device);
    this.#events.emit('known', device);
  }

  #removed(card: DeviceCard): void {
    this.#events.emit('count', this.count);
    if (!this.#belongs(card)) return;
    this.memory.remember(knownDevice(card));
    this.#leave(card.id);
  }

  /** It is away; whether that means anything shows after a while. */
  #leave(id: string): void {
    if (this.options.removed !== 'cleared') return;
    this.#leaving.get(id)?.cancel();
    const forget = () => {
      this.#leaving.delete(id);
      this.#forget(id);
    };
    this.#leaving.set(id, this.clock.after(this.options.graceMs, forget));
  }

  #forget(id: string): void {
    this.memory.forget(id);
    this.#events.emit('forgotten', id);
  }

  #review(): void {
    this.#rememberConnected();
    const connected = this.#connected;
    const { forgetAfterDays } = this.options;
    const oldest = forgetAfterDays === 0 ? 0 : this.clock.date().getTime() - forgetAfterDays * DAY_MS;
    for (const { device, seen } of this.memory.devices) {
      if (connected.has(device.id)) continue;
      if (!this.#belongs(device) || Date.parse(seen) < oldest) this.#forget(device.id);
    }
  }
}
