import {
  type Advertisement,
  type Discovery,
  type Endpoint,
  type EventSource,
  Events,
  endpointsOf,
  LinkError,
  type LinkSpecifier,
  type Timer,
} from 'pulsegate/plugin';
import type { DeviceConfig } from './config.js';
import { type LinkQuality, type LinkSurroundings, SimulatedLink } from './link.js';
import type { SimulatedToy } from './toy.js';

interface PeripheralEvents {
  /** It was out of reach and can be connected again. */
  back: [];
}

type Presence = Pick<DeviceConfig, 'disconnectEvery' | 'awayFor' | 'present'>;

/** A toy in the room: one connection at a time, sometimes out of reach. */
export class Peripheral implements Discovery, EventSource<PeripheralEvents> {
  readonly advertisement: Advertisement;
  readonly #events: Events<PeripheralEvents>;
  readonly #closed = new AbortController();
  #link: SimulatedLink | undefined;
  #dropping: Timer | undefined;
  #away: Timer | undefined;

  constructor(
    readonly toy: SimulatedToy,
    private readonly config: LinkQuality & Presence,
    private readonly surroundings: LinkSurroundings,
  ) {
    this.advertisement = toy.advertisement;
    this.#events = new Events(surroundings.onListenerError);
  }

  get isPresentAtStart(): boolean {
    return this.config.present === 'at-start';
  }

  /** It advertises: within reach and not connected. */
  get isAdvertising(): boolean {
    return !this.#link && !this.#away && !this.#closed.signal.aborted;
  }

  /** dBm; undefined for a toy on a wire. */
  get rssi(): number | undefined {
    return this.advertisement.kind === 'bluetooth' ? this.surroundings.signal.dbm : undefined;
  }

  on<K extends keyof PeripheralEvents>(event: K, listener: (...args: PeripheralEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  async connect(specifier: LinkSpecifier, signal: AbortSignal): Promise<SimulatedLink> {
    const { name } = this.toy;
    const endpoints = endpointsInCommon(this.toy.blueprint.specifier, specifier);
    if (endpoints.size === 0) throw new LinkError(`${name} has none of the endpoints asked for`);
    const ended = AbortSignal.any([signal, this.#closed.signal]);
    this.#assertAnswers();
    ended.throwIfAborted();
    if (this.config.latency > 0) await this.surroundings.clock.sleep(this.config.latency, ended);
    this.#assertAnswers();

    const link = new SimulatedLink(this.toy, endpoints, this.config, this.surroundings);
    this.#link = link;
    link.on('disconnected', () => this.#disconnected());
    if (this.config.disconnectEvery > 0) {
      this.#dropping = this.surroundings.clock.after(this.config.disconnectEvery * 1000, () => this.leave());
    }
    return link;
  }

  /** Drops the link and stays out of reach for a while; counts from now if it is already away. */
  leave(seconds = this.config.awayFor): void {
    if (this.#closed.signal.aborted) return;
    this.#away?.cancel();
    this.#away = this.surroundings.clock.after(seconds * 1000, () => {
      this.#away = undefined;
      this.#events.emit('back');
    });
    this.#link?.lose('the device went out of reach');
  }

  /** The simulation is over. */
  close(): void {
    this.#closed.abort(new LinkError('The simulation has ended'));
    this.#away?.cancel();
    this.#link?.lose('the simulation has ended');
  }

  #assertAnswers(): void {
    const { name } = this.toy;
    if (this.#away) throw new LinkError(`${name} is out of reach`);
    if (this.#link) throw new LinkError(`${name} is connected already`);
  }

  #disconnected(): void {
    this.#link = undefined;
    this.#dropping?.cancel();
  }
}

/** The endpoints of `wanted` that hardware built to `own` has. */
function endpointsInCommon(own: LinkSpecifier, wanted: LinkSpecifier): ReadonlySet<Endpoint> {
  if (own.kind !== wanted.kind) return new Set();
  if (own.kind !== 'bluetooth' || wanted.kind !== 'bluetooth') return endpointsOf(wanted);
  return new Set(
    Object.entries(wanted.services).flatMap(([service, endpoints]) => {
      const characteristics = Object.values(own.services[service] ?? {});
      return Object.keys(endpoints).filter((endpoint) => characteristics.includes(endpoints[endpoint] ?? ''));
    }),
  );
}
