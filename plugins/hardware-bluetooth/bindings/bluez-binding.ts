import { EventEmitter } from 'node:events';
import type { NoblePeripheral } from '@abandonware/noble';
import { LinkError } from 'pulsegate/plugin';
import { WANTS_BLUEZ } from '../remedies.js';
import { ask, watchBus } from './bluez-bus.js';
import { field } from './field.js';
import type { BindingTools, ManufacturerData } from './open-binding.js';
import { SystemBinding } from './system-binding.js';

const DEVICE = 'org.bluez.Device1';
const CHARACTERISTIC = 'org.bluez.GattCharacteristic1';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
/** BlueZ lets a connection be for another 2 s. It needs nobody any more once it was told, ms. */
const TELL_MS = 200;

/** An adapter behind BlueZ, the Bluetooth service of Linux. */
export class BluezBinding extends SystemBinding {
  override readonly disconnectLimitMs = TELL_MS;

  /** @param wanted the adapter, if it has to be a certain one: `hci1` */
  constructor(
    tools: BindingTools,
    private readonly wanted: string | undefined,
  ) {
    super(tools);
    const bindings = this.#bindings;
    if (!(bindings instanceof EventEmitter)) return;
    watchBus(bindings, tools, (path, changes) => this.#characteristicChanged(path, changes));
  }

  override assertAdapter(): void {
    const path = field(this.#bindings, '_adapterPath');
    if (this.wanted === undefined || typeof path !== 'string' || path.endsWith(`/${this.wanted}`)) return;
    const other = path.split('/').at(-1);
    throw new LinkError(`there is no ${this.wanted}, but ${other}; see plugins.hardware-bluetooth.adapter`);
  }

  override remedy(warnings: readonly string[]): string | undefined {
    const said = warnings.join('; ');
    if (/No BlueZ adapter found/.test(said))
      return 'BlueZ knows of no adapter; plug one in (`bluetoothctl list` shows them)';
    if (/rejected|denied|not allowed/i.test(said)) {
      return `not allowed to speak to BlueZ: add the user to the group that may (\`sudo usermod -aG bluetooth $USER\`, then log in anew)`;
    }
    if (/org\.bluez/.test(said)) return `BlueZ does not run: ${WANTS_BLUEZ}`;
    return undefined;
  }

  /**
   * BlueZ lists devices that are long gone. Those in reach have a signal strength; those that somebody left connected have none, and are
   * there all the same.
   */
  override isInReach(peripheral: NoblePeripheral): boolean {
    const device = this.#device(peripheral);
    if (typeof field(device, 'RSSI') === 'number') return true;
    const { state } = peripheral;
    return field(device, 'Connected') === true && (state === 'disconnected' || state === 'error');
  }

  /**
   * While another program looks for everything, BlueZ tells of a device only when its signal changes much. Noble goes through the list
   * of BlueZ whenever it is told to scan, and leaves a discovery alone that it has started already.
   */
  override async lookAgain(): Promise<void> {
    await this.tools.noble.startScanningAsync([], true);
  }

  /** Noble puts the data of all companies into one. */
  override manufacturerData(peripheral: NoblePeripheral): ManufacturerData | undefined {
    const byCompany = field(this.#device(peripheral), 'ManufacturerData');
    if (typeof byCompany !== 'object' || byCompany === null) return undefined;
    const data = new Map<number, Uint8Array>();
    for (const [company, wrapped] of Object.entries(byCompany)) {
      const value = field(wrapped, 'value') ?? wrapped;
      if (Buffer.isBuffer(value)) data.set(Number(company), Uint8Array.from(value));
    }
    return data.size > 0 ? data : undefined;
  }

  /**
   * How long its packets may be, for which noble does not ask; it is the same for everything that is in a device. And whether it is
   * connected: noble does not see an end that comes before BlueZ has confirmed the beginning.
   */
  override async learn(peripheral: NoblePeripheral): Promise<boolean> {
    const [device, characteristic] = [this.#path(peripheral), this.#someCharacteristic(peripheral)];
    if (characteristic !== undefined) {
      // An old BlueZ does not tell.
      const mtu = await this.#property(characteristic, CHARACTERISTIC, 'MTU').catch(() => undefined);
      this.#characteristicChanged(characteristic, { MTU: mtu });
    }
    if (typeof device !== 'string') return super.learn(peripheral);
    // Of a device that it has forgotten, BlueZ tells nothing.
    const connected = await this.#property(device, DEVICE, 'Connected').catch(() => ({ value: false }));
    return field(connected, 'value') !== false;
  }

  override forget(peripheral: NoblePeripheral): void {
    super.forget(peripheral);
    const devices = field(this.#bindings, '_devices');
    if (devices instanceof Map) devices.delete(peripheral.id);
  }

  #property(path: string, interfaceName: string, name: string): Promise<unknown> {
    return ask(this.#bindings, path, PROPERTIES, 'Get', 'ss', [interfaceName, name]);
  }

  /** What noble's other bindings tell by themselves. */
  #characteristicChanged(path: string, changes: unknown): void {
    const mtu = field(field(changes, 'MTU'), 'value');
    const address = /\/dev_([0-9A-Fa-f_]+)\//.exec(path)?.[1];
    const bindings = this.#bindings;
    if (typeof mtu !== 'number' || address === undefined || !(bindings instanceof EventEmitter)) return;
    bindings.emit('onMtu', address.replaceAll('_', '').toLowerCase(), mtu);
  }

  #someCharacteristic(peripheral: NoblePeripheral): string | undefined {
    const objects = field(this.#bindings, '_objects');
    const device = this.#path(peripheral);
    if (!(objects instanceof Map) || typeof device !== 'string') return undefined;
    for (const [path, interfaces] of objects) {
      if (typeof path === 'string' && path.startsWith(`${device}/`) && field(interfaces, CHARACTERISTIC)) return path;
    }
    return undefined;
  }

  /** What BlueZ tells of it. */
  #device(peripheral: NoblePeripheral): unknown {
    return mapped(field(this.#bindings, '_objects'), this.#path(peripheral), DEVICE);
  }

  #path({ id }: NoblePeripheral): unknown {
    return mapped(field(this.#bindings, '_devices'), id, 'path');
  }

  get #bindings(): unknown {
    return this.tools.noble._bindings;
  }
}

function mapped(map: unknown, key: unknown, name: string): unknown {
  return map instanceof Map ? field(map.get(key), name) : undefined;
}
