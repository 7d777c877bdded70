import { Message, type MessageBus, NameFlag, sessionBus, Variant } from 'dbus-next';
import { BluezError } from './bluez-error.js';
import { BusObjects, type Properties } from './bus-objects.js';
import { type DeviceTimes, EmulatedDevice } from './emulated-device.js';
import { writeNumberKeys } from './number-keys.js';
import type { VirtualPeripheral } from './virtual-peripheral.js';

/** As programs set it: `Transport`, `DuplicateData`, `UUIDs`, `RSSI`. */
type DiscoveryFilter = Readonly<Record<string, unknown>>;

const NAME = 'org.bluez';
const ADAPTER = 'org.bluez.Adapter1';
const ADAPTER_PATH = '/org/bluez/hci0';
/** How often a device in reach is heard during a discovery, ms. */
const ADVERTISING_MS = 100;
/** As long as BlueZ and Linux take. */
const USUAL_TIMES: DeviceTimes = { absentMs: 20_000, disconnectMs: 2_000 };

/**
 * BlueZ, from its start to its end, with one adapter and the peripherals around it (doc/org.bluez.*.rst in its source). It does not
 * forget devices that went away, but tells how strong they are only while they are heard.
 */
export class EmulatedBluez implements Disposable {
  /** How often a method of the adapter is refused from now on. */
  readonly refusals = new Map<string, number>();
  readonly #devices = new Map<VirtualPeripheral, EmulatedDevice>();
  /** What programs have asked a discovery for; undefined: for everything. */
  readonly #filters = new Map<string, DiscoveryFilter | undefined>();
  /** Programs that want a discovery. */
  readonly #discovering = new Set<string>();
  readonly #objects: BusObjects;
  readonly #air: NodeJS.Timeout;
  #isPowered = true;

  private constructor(
    private readonly bus: MessageBus,
    private readonly peripherals: readonly VirtualPeripheral[],
    private readonly times: DeviceTimes,
  ) {
    this.#objects = new BusObjects(bus);
    this.plugIn();
    this.#air = setInterval(() => this.#advertise(), ADVERTISING_MS);
  }

  /** @param peripherals those that are added later are there as well */
  static async start(
    address: string,
    peripherals: readonly VirtualPeripheral[],
    times: Partial<DeviceTimes> = {},
  ): Promise<EmulatedBluez> {
    const bus = sessionBus({ busAddress: address });
    bus.on('error', () => {});
    writeNumberKeys(bus);
    const bluez = new EmulatedBluez(bus, peripherals, { ...USUAL_TIMES, ...times });
    await bluez.#watchClients();
    await bus.requestName(NAME, NameFlag.DO_NOT_QUEUE);
    return bluez;
  }

  get isDiscovering(): boolean {
    return this.#discovering.size > 0;
  }

  /** What those ask for who want a discovery. */
  get discoveries(): readonly (DiscoveryFilter | undefined)[] {
    return [...this.#discovering].map((client) => this.#filters.get(client));
  }

  /** How often this was asked of it, or told by it: `Introspect`. */
  count(member: string): number {
    return this.#objects.count(member);
  }

  /** Addresses. */
  get connected(): readonly string[] {
    return [...this.#devices].filter(([, { isConnected }]) => isConnected).map(([{ address }]) => address);
  }

  /** Addresses of those that it lists. */
  get devices(): readonly string[] {
    return [...this.#devices.keys()].map(({ address }) => address);
  }

  power(isOn: boolean): void {
    this.#isPowered = isOn;
    if (!isOn) this.#silence();
    this.#objects.changed(ADAPTER_PATH, ADAPTER, this.#properties);
  }

  plugIn(): void {
    const methods = {
      SetDiscoveryFilter: {
        takes: 'a{sv}',
        call: ([filter]: readonly unknown[], client: string) => this.#setFilter(filter, client),
      },
      StartDiscovery: { call: (_body: readonly unknown[], client: string) => this.#startDiscovery(client) },
      StopDiscovery: { call: (_body: readonly unknown[], client: string) => this.#stopDiscovery(client) },
    };
    this.#objects.add(ADAPTER_PATH, ADAPTER, { methods, properties: () => this.#properties });
  }

  /** The adapter goes, and all devices with it. */
  unplug(): void {
    this.#silence();
    this.#devices.clear();
    this.#objects.remove(ADAPTER_PATH);
  }

  /** Properties that this version does not have, by name. */
  get hidden(): Set<string> {
    return this.#objects.hidden;
  }

  /** A connected device agrees to longer packets. */
  agree(peripheral: VirtualPeripheral, mtu: number): void {
    peripheral.gatt.largestMtu = mtu;
    this.#devices.get(peripheral)?.mtuChanged();
  }

  /** A device drops out. */
  drop(peripheral: VirtualPeripheral): void {
    this.#devices.get(peripheral)?.drop();
  }

  /** As BlueZ does with devices that it has not heard for a while. */
  forget(peripheral: VirtualPeripheral): void {
    const device = this.#devices.get(peripheral);
    if (!device) return;
    device.drop();
    this.#devices.delete(peripheral);
    this.#objects.remove(device.path);
  }

  /** It ends without a word: its name leaves the bus, and connections break. */
  [Symbol.dispose](): void {
    clearInterval(this.#air);
    this.bus.disconnect();
    this.#silence();
  }

  get #properties(): Properties {
    return {
      Address: new Variant('s', 'AD:A9:7E:40:00:01'),
      Name: new Variant('s', 'emulated'),
      Powered: new Variant('b', this.#isPowered),
      Discovering: new Variant('b', this.isDiscovering),
    };
  }

  /** What a program leaves behind when it leaves the bus ends with it, connections aside. */
  async #watchClients(): Promise<void> {
    this.bus.on('message', ({ member, body }) => {
      const [name, , owner] = body;
      if (member !== 'NameOwnerChanged' || typeof name !== 'string' || owner !== '') return;
      this.#filters.delete(name);
      if (this.#discovering.delete(name)) this.#discoveryChanged();
      for (const device of this.#devices.values()) device.forgetClient(name);
    });
    await this.bus.call(
      new Message({
        destination: 'org.freedesktop.DBus',
        path: '/org/freedesktop/DBus',
        interface: 'org.freedesktop.DBus',
        member: 'AddMatch',
        signature: 's',
        body: ["type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"],
      }),
    );
  }

  /** What one program asks for, another gets as well; everything is told again only if nobody goes without a filter. */
  #advertise(): void {
    if (!this.isDiscovering) return;
    const { discoveries } = this;
    const isFiltered = !discoveries.includes(undefined);
    const isTold = isFiltered && discoveries.some((filter) => filter?.DuplicateData === true);
    for (const peripheral of this.peripherals) {
      const device = this.#devices.get(peripheral);
      if (!peripheral.isPresent || device?.isConnected) continue;
      if (isFiltered && !discoveries.some((filter) => isWanted(peripheral, filter))) continue;
      if (device) device.heard(isTold);
      else this.#devices.set(peripheral, this.#newDevice(peripheral));
    }
  }

  #newDevice(peripheral: VirtualPeripheral): EmulatedDevice {
    return new EmulatedDevice(this.#objects, peripheral, ADAPTER_PATH, this.times, () => this.#assertPowered());
  }

  #setFilter(filter: unknown, client: string): void {
    this.#accept('SetDiscoveryFilter');
    const entries = Object.entries(Object(filter)).map(([name, value]) => [
      name,
      value instanceof Variant && value.value,
    ]);
    this.#filters.set(client, entries.length === 0 ? undefined : Object.fromEntries(entries));
  }

  #startDiscovery(client: string): void {
    this.#accept('StartDiscovery');
    if (this.#discovering.has(client)) throw new BluezError('InProgress', 'Operation already in progress');
    this.#discovering.add(client);
    this.#discoveryChanged();
  }

  #stopDiscovery(client: string): void {
    this.#accept('StopDiscovery');
    if (!this.#discovering.delete(client)) throw new BluezError('Failed', 'No discovery started');
    this.#discoveryChanged();
  }

  #discoveryChanged(): void {
    this.#objects.changed(ADAPTER_PATH, ADAPTER, { Discovering: new Variant('b', this.isDiscovering) });
    if (this.isDiscovering) return;
    for (const device of this.#devices.values()) device.discoveryEnded();
  }

  #accept(method: string): void {
    this.#assertPowered();
    const left = this.refusals.get(method) ?? 0;
    if (left === 0) return;
    this.refusals.set(method, left - 1);
    throw new BluezError('InProgress', 'Operation already in progress');
  }

  #assertPowered(): void {
    if (!this.#isPowered) throw new BluezError('NotReady', 'Resource Not Ready');
  }

  /** Nothing is heard, and no connection lasts. */
  #silence(): void {
    this.#discovering.clear();
    for (const device of this.#devices.values()) {
      device.drop();
      device.discoveryEnded();
    }
  }
}

function isWanted({ rssi, options: { advertised } }: VirtualPeripheral, filter: DiscoveryFilter = {}): boolean {
  if (typeof filter.RSSI === 'number' && rssi < filter.RSSI) return false;
  const { UUIDs: wanted } = filter;
  return !Array.isArray(wanted) || wanted.some((uuid) => advertised.services?.includes(uuid));
}
