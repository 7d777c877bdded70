import { setTimeout as pause } from 'node:timers/promises';
import { Variant } from 'dbus-next';
import { BluezError } from './bluez-error.js';
import type { BusObjects, Properties } from './bus-objects.js';
import { EmulatedGatt } from './emulated-gatt.js';
import { NUMBER_KEYS } from './number-keys.js';
import type { VirtualPeripheral } from './virtual-peripheral.js';

export interface DeviceTimes {
  /** How long a device that is not there is waited for, ms. */
  readonly absentMs: number;
  /** BlueZ takes its time until it ends a connection, ms. */
  readonly disconnectMs: number;
}

const DEVICE = 'org.bluez.Device1';
/** How long a connection takes, and finding the services, ms. */
const CONNECT_MS = 10;
const RESOLVE_MS = 10;
const LOOK_MS = 10;
/** A signal that changes by less is not told where nobody asked for everything, dB. */
const RSSI_STEP = 8;

/** One device as BlueZ shows it: from when it was heard first until it is forgotten, whether it is there or not. */
export class EmulatedDevice {
  readonly path: string;
  readonly #gatt: EmulatedGatt;
  /** Heard in this discovery. */
  #isHeard = false;
  /** In this discovery, dBm. */
  #toldRssi: number | undefined;
  #isConnected = false;
  #isResolved = false;
  #attempt: AbortController | undefined;

  constructor(
    private readonly objects: BusObjects,
    private readonly peripheral: VirtualPeripheral,
    private readonly adapter: string,
    private readonly times: DeviceTimes,
    private readonly assertPowered: () => void,
  ) {
    this.path = `${adapter}/dev_${this.#address.replaceAll(':', '_')}`;
    this.#gatt = new EmulatedGatt(objects, peripheral, this.path);
    const methods = { Connect: { call: () => this.#connect() }, Disconnect: { call: () => this.#disconnect() } };
    this.#isHeard = true;
    this.#toldRssi = peripheral.rssi;
    objects.add(this.path, DEVICE, { methods, properties: () => this.#properties });
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** It advertises. @param isTold also when it tells nothing new */
  heard(isTold: boolean): void {
    this.#isHeard = true;
    const { rssi } = this.peripheral;
    if (!isTold && this.#toldRssi !== undefined && Math.abs(rssi - this.#toldRssi) < RSSI_STEP) return;
    this.#toldRssi = rssi;
    this.#changed({ ...(isTold && this.#advertised), ...this.#signal });
  }

  /** Nobody listens any more: BlueZ forgets how strong it was. */
  discoveryEnded(): void {
    this.#toldRssi = undefined;
    if (!this.#isHeard) return;
    this.#isHeard = false;
    this.objects.changed(this.path, DEVICE, {}, ['RSSI']);
  }

  /** The connection breaks, or what was to become one. */
  drop(): void {
    this.#attempt?.abort(new BluezError('Failed', 'le-connection-abort-by-local'));
    this.#end();
  }

  #end(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#isResolved = false;
    this.#gatt.disconnected();
    this.#changed({ ServicesResolved: new Variant('b', false), Connected: new Variant('b', false) });
  }

  mtuChanged(): void {
    this.#gatt.mtuChanged();
  }

  forgetClient(client: string): void {
    this.#gatt.forgetClient(client);
  }

  get #address(): string {
    return this.peripheral.address.toUpperCase();
  }

  get #properties(): Properties {
    const { name } = this.peripheral.options.advertised;
    return {
      Address: new Variant('s', this.#address),
      AddressType: new Variant('s', this.peripheral.isRandom ? 'random' : 'public'),
      Adapter: new Variant('o', this.adapter),
      ...(name !== undefined && { Name: new Variant('s', name) }),
      Alias: new Variant('s', name ?? this.#address.replaceAll(':', '-')),
      Paired: new Variant('b', false),
      Connected: new Variant('b', this.#isConnected),
      ServicesResolved: new Variant('b', this.#isResolved),
      ...this.#advertised,
      ...(this.#isHeard && this.#signal),
    };
  }

  get #advertised(): Properties {
    const { services = [], manufacturerData } = this.peripheral.options.advertised;
    const found = this.#isResolved ? this.peripheral.gatt.services.map(({ uuid }) => uuid) : [];
    const data = [...(manufacturerData ?? [])].map(([company, value]) => [
      company,
      new Variant('ay', Buffer.from(value)),
    ]);
    return {
      UUIDs: new Variant('as', [...new Set([...services, ...found])]),
      ...(data.length > 0 && { ManufacturerData: new Variant(NUMBER_KEYS, data) }),
    };
  }

  get #signal(): Properties {
    return { RSSI: new Variant('n', this.peripheral.rssi) };
  }

  async #connect(): Promise<void> {
    this.assertPowered();
    if (this.#attempt) throw new BluezError('InProgress', 'Operation already in progress');
    if (this.#isConnected) return;
    const attempt = new AbortController();
    this.#attempt = attempt;
    try {
      await this.#establish(attempt.signal);
    } catch (error) {
      throw attempt.signal.aborted ? attempt.signal.reason : error;
    } finally {
      this.#attempt = undefined;
    }
  }

  async #establish(signal: AbortSignal): Promise<void> {
    const { peripheral } = this;
    for (let waited = 0; !peripheral.isPresent; waited += LOOK_MS) {
      if (waited > this.times.absentMs) throw new BluezError('Failed', 'le-connection-abort-by-local');
      await pause(LOOK_MS, undefined, { signal });
    }
    if (peripheral.hangingConnections > 0) {
      peripheral.hangingConnections -= 1;
      await pause(this.times.absentMs, undefined, { signal });
    }
    if (peripheral.refusesConnections) throw new BluezError('Failed', 'le-connection-refused');
    await pause(CONNECT_MS, undefined, { signal });
    peripheral.connections += 1;
    this.#isConnected = true;
    this.#isHeard = false;
    this.#changed({ Connected: new Variant('b', true) });
    while (peripheral.isMute) await pause(LOOK_MS, undefined, { signal });
    await pause(RESOLVE_MS, undefined, { signal });
    this.#gatt.resolved();
    this.#isResolved = true;
    this.#changed({ ...this.#advertised, ServicesResolved: new Variant('b', true) });
    if (peripheral.breakingConnections === 0) return;
    peripheral.breakingConnections -= 1;
    this.#end();
  }

  async #disconnect(): Promise<void> {
    const attempt = this.#attempt;
    attempt?.abort(new BluezError('Failed', 'le-connection-abort-by-local'));
    if (!this.#isConnected) {
      if (attempt) return;
      throw new BluezError('NotConnected', 'Not Connected');
    }
    await pause(this.times.disconnectMs);
    this.drop();
  }

  #changed(changes: Properties): void {
    this.objects.changed(this.path, DEVICE, changes);
  }
}
