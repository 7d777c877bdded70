import {
  type Clock,
  type Discovery,
  describeError,
  type HardwareLink,
  type HardwareManager,
  LinkError,
  type LinkSpecifier,
  type Logger,
  Lookout,
  ManagerState,
  type ProtocolRegistry,
} from 'pulsegate/plugin';
import { addressOf, isOneOf, nameOf, wantedIds } from './catalogue-devices.js';
import type { HidDeviceInfo, HidLibrary } from './hid-library.js';
import { HidLink } from './link.js';
import { remedyOf } from './remedy.js';

export interface HidManagerOptions {
  /** Undefined: there is nothing to load it for. */
  readonly load: () => Promise<HidLibrary | undefined>;
  /** Only what their links name is ever opened: keyboards are HID devices, too. */
  readonly protocols: Pick<ProtocolRegistry, 'definitions'>;
  readonly rescanMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Looks for HID devices that the catalogue knows, during a scan and outside one: nobody scans for what is plugged in. */
export class HidManager implements HardwareManager {
  readonly name = 'hid';
  readonly on: HardwareManager['on'];
  readonly #state: ManagerState<HidLink>;
  readonly #lookout: Lookout;
  /** Paths that have been shown, and are still there. */
  readonly #present = new Set<string>();

  constructor(private readonly options: HidManagerOptions) {
    this.#state = new ManagerState(options.log);
    this.on = this.#state.on;
    this.#lookout = new Lookout(options.clock, options.rescanMs, () => this.#look());
  }

  /** Resolves when it has been looked once. */
  start(): Promise<void> {
    return this.#lookout.now();
  }

  async startScanning(): Promise<void> {
    // What is plugged in has been found already; what nobody could open is tried once more.
    this.#present.clear();
    void this.#lookout.now();
    this.#state.scanFinished();
  }

  async stopScanning(): Promise<void> {}

  async close(): Promise<void> {
    for (const link of this.#state.links) link.lose('the gateway has stopped using HID devices');
    await this.#lookout.close();
  }

  async #look(): Promise<void> {
    const { load } = this.options;
    let devices: readonly HidDeviceInfo[];
    try {
      devices = (await (await load())?.devices()) ?? [];
      this.#state.isFine();
    } catch (error) {
      this.#state.complain(`HID devices cannot be listed: ${describeError(error)}`);
      return;
    }
    const there = this.#known(devices);
    for (const path of this.#present) if (!there.has(path)) this.#present.delete(path);
    const addresses = new Set([...there.values()].map(addressOf));
    for (const link of this.#state.links) if (!addresses.has(link.address)) link.lose('it was pulled out');
    for (const [path, device] of there) {
      if (this.#present.has(path) || this.#state.links.some(({ address }) => address === addressOf(device))) continue;
      this.#present.add(path);
      this.#state.discovered(this.#discovery(path, device));
    }
  }

  /** Of devices that are several, the first. */
  #known(devices: readonly HidDeviceInfo[]): ReadonlyMap<string, HidDeviceInfo> {
    const wanted = wantedIds(this.options.protocols.definitions);
    const known = new Map<string, HidDeviceInfo>();
    const addresses = new Set<string>();
    for (const device of devices.toSorted((left, right) => left.interface - right.interface)) {
      const { path } = device;
      if (path === undefined || !isOneOf(wanted, device) || addresses.has(addressOf(device))) continue;
      addresses.add(addressOf(device));
      known.set(path, device);
    }
    return known;
  }

  #discovery(path: string, device: HidDeviceInfo): Discovery {
    const { vendorId, productId, product = '' } = device;
    const address = addressOf(device);
    return {
      advertisement: { kind: 'hid', name: product, address, vendorId, productId },
      connect: (specifier, signal) => this.#connect(path, device, specifier, signal),
    };
  }

  async #connect(
    path: string,
    device: HidDeviceInfo,
    specifier: LinkSpecifier,
    signal: AbortSignal,
  ): Promise<HardwareLink> {
    const address = addressOf(device);
    const name = nameOf(device);
    if (specifier.kind !== 'hid') throw new LinkError(`${name} is a HID device, and nothing else`);
    const { load, clock, log } = this.options;
    const library = await load();
    if (!library) throw new LinkError(`${name} is not plugged in any more`);
    const handle = await library.open(path).catch((error: unknown) => {
      throw new LinkError(`${name} cannot be opened: ${describeError(error)}; ${remedyOf(device)}`, { cause: error });
    });
    const link = new HidLink(name, address, handle, clock, log);
    this.#state.keep(link, () => this.#present.delete(path));
    if (signal.aborted) link.lose('nobody waits for it any more');
    return link;
  }
}
