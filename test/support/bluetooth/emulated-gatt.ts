import { setTimeout as pause } from 'node:timers/promises';
import { Variant } from 'dbus-next';
import { BluezError } from './bluez-error.js';
import type { BusObjects, Properties } from './bus-objects.js';
import type { GattCharacteristic, GattService, Property } from './gatt-server.js';
import type { VirtualPeripheral } from './virtual-peripheral.js';

const SERVICE = 'org.bluez.GattService1';
const CHARACTERISTIC = 'org.bluez.GattCharacteristic1';
/** How long a device takes to answer, ms. */
const ANSWER_MS = 2;

const FLAGS: Readonly<Record<Property, string>> = {
  read: 'read',
  write: 'write',
  writeWithoutResponse: 'write-without-response',
  notify: 'notify',
  indicate: 'indicate',
};

/** The services of one device as BlueZ shows them. They stay when the device is gone, and so does who wants notifications. */
export class EmulatedGatt {
  readonly #listening = new Map<GattCharacteristic, Set<string>>();
  readonly #writing = new Set<GattCharacteristic>();
  readonly #paths = new Map<GattCharacteristic, string>();
  #isShown = false;
  /** Ends what waits for an answer of the device. */
  #link: AbortController | undefined;

  constructor(
    private readonly objects: BusObjects,
    private readonly peripheral: VirtualPeripheral,
    private readonly path: string,
  ) {}

  /** Shows the services, and passes on what the device sends. */
  resolved(): void {
    this.#link = new AbortController();
    if (!this.#isShown) this.#show();
    this.#isShown = true;
    this.peripheral.listener = (characteristic, data) => {
      const at = this.#paths.get(characteristic);
      const isWanted = (this.#listening.get(characteristic)?.size ?? 0) > 0;
      if (at !== undefined && isWanted) this.objects.changed(at, CHARACTERISTIC, { Value: bytes(data) });
    };
    for (const [characteristic, clients] of this.#listening) if (clients.size > 0) characteristic.subscribed?.(true);
  }

  /** The connection has ended. */
  disconnected(): void {
    this.#link?.abort(new BluezError('Failed', 'Not connected'));
    this.#link = undefined;
    this.peripheral.listener = undefined;
    for (const characteristic of this.#listening.keys()) characteristic.subscribed?.(false);
  }

  /** Longer packets than before have been agreed upon. */
  mtuChanged(): void {
    for (const path of this.#paths.values()) {
      this.objects.changed(path, CHARACTERISTIC, { MTU: new Variant('q', this.#mtu) });
    }
  }

  /** A program has left the bus. */
  forgetClient(client: string): void {
    for (const clients of this.#listening.values()) clients.delete(client);
  }

  /** Until a device is connected, the smallest that there is. */
  get #mtu(): number {
    return this.#link ? this.peripheral.gatt.largestMtu : 23;
  }

  #show(): void {
    this.peripheral.gatt.services.forEach((service, at) => {
      const path = `${this.path}/service${number(at)}`;
      const properties = () => this.#ofService(service);
      this.objects.add(path, SERVICE, { methods: {}, properties });
      service.characteristics.forEach((characteristic, index) => {
        this.#showCharacteristic(`${path}/char${number(index)}`, path, characteristic);
      });
    });
  }

  #ofService({ uuid }: GattService): Properties {
    return { UUID: text(uuid), Primary: new Variant('b', true), Device: new Variant('o', this.path) };
  }

  #showCharacteristic(path: string, service: string, characteristic: GattCharacteristic): void {
    this.#paths.set(characteristic, path);
    this.objects.add(path, CHARACTERISTIC, {
      methods: {
        ReadValue: { takes: 'a{sv}', gives: 'ay', call: () => this.#read(path, characteristic) },
        WriteValue: { takes: 'ay a{sv}', call: ([data, options]) => this.#write(characteristic, data, options) },
        StartNotify: { call: (_body, client) => this.#startNotify(characteristic, client) },
        StopNotify: { call: (_body, client) => this.#stopNotify(characteristic, client) },
      },
      properties: () => ({
        UUID: text(characteristic.uuid),
        Service: new Variant('o', service),
        Flags: new Variant(
          'as',
          characteristic.properties.map((property) => FLAGS[property]),
        ),
        MTU: new Variant('q', this.#mtu),
      }),
    });
  }

  async #read(path: string, characteristic: GattCharacteristic): Promise<Buffer> {
    if (!characteristic.properties.includes('read')) throw new BluezError('NotSupported', 'Operation is not supported');
    await this.#answered();
    const value = characteristic.read?.();
    if (!value) throw new BluezError('NotPermitted', 'Read not permitted');
    // Whoever listens hears of it, too: to BlueZ, a value is a value.
    this.objects.changed(path, CHARACTERISTIC, { Value: bytes(value) });
    return Buffer.from(value);
  }

  async #write(characteristic: GattCharacteristic, data: unknown, options: unknown): Promise<void> {
    if (!Buffer.isBuffer(data)) throw new BluezError('InvalidArguments', 'Invalid arguments in method call');
    const type = typeOf(options);
    const link = this.#connected();
    if (this.#writing.has(characteristic)) throw new BluezError('InProgress', 'In Progress');
    const needed = type === 'command' ? 'writeWithoutResponse' : 'write';
    if (!characteristic.properties.includes(needed)) {
      throw new BluezError('NotSupported', 'Operation is not supported');
    }
    if (type === 'command') {
      if (data.length > this.#mtu - 3) throw new BluezError('Failed', 'Failed to initiate write');
      if (!this.peripheral.isMute) characteristic.write?.(Uint8Array.from(data), false);
      return;
    }
    this.#writing.add(characteristic);
    try {
      await this.#answered();
      link.throwIfAborted();
      characteristic.write?.(Uint8Array.from(data), true);
    } finally {
      this.#writing.delete(characteristic);
    }
  }

  async #startNotify(characteristic: GattCharacteristic, client: string): Promise<void> {
    if (!characteristic.properties.some((property) => property === 'notify' || property === 'indicate')) {
      throw new BluezError('NotSupported', 'Operation is not supported');
    }
    const clients = this.#listening.get(characteristic) ?? new Set();
    this.#listening.set(characteristic, clients);
    if (clients.has(client)) throw new BluezError('Failed', 'Already notifying');
    await this.#answered();
    clients.add(client);
    characteristic.subscribed?.(true);
  }

  async #stopNotify(characteristic: GattCharacteristic, client: string): Promise<void> {
    if (!this.#listening.get(characteristic)?.delete(client)) {
      throw new BluezError('Failed', 'No notify session started');
    }
    await this.#answered();
  }

  /** Resolves when the device has answered; one that is mute never does. Rejects when the connection ends. */
  async #answered(): Promise<void> {
    const signal = this.#connected();
    await pause(ANSWER_MS);
    signal.throwIfAborted();
    if (!this.peripheral.isMute) return;
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  #connected(): AbortSignal {
    if (!this.#link) throw new BluezError('Failed', 'Not connected');
    return this.#link.signal;
  }
}

function typeOf(options: unknown): unknown {
  const type: unknown = Reflect.get(Object(options), 'type');
  return type instanceof Variant ? type.value : undefined;
}

const text = (value: string) => new Variant('s', value);
const bytes = (value: Uint8Array) => new Variant('ay', Buffer.from(value));
const number = (at: number) => (at + 1).toString(16).padStart(4, '0');
