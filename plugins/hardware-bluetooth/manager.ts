import type { NobleCharacteristic, NoblePeripheral } from '@abandonware/noble';
import {
  type Advertisement,
  type BluetoothSpecifier,
  type Clock,
  type Discovery,
  type Endpoint,
  type HardwareLink,
  type HardwareManager,
  LinkError,
  type LinkSpecifier,
  type Logger,
  ManagerState,
} from 'pulsegate/plugin';
import type { Adapter } from './adapter.js';
import { addressOf, advertisementOf } from './advertisement.js';
import { Backlog } from './backlog.js';
import type { BluetoothConfig } from './config.js';
import { BluetoothLink } from './link.js';
import { openPeripheral } from './open-peripheral.js';
import { Radio } from './radio.js';
import { Sightings } from './sightings.js';

export interface BluetoothManagerOptions {
  readonly config: Pick<BluetoothConfig, 'maxDevices' | 'connectTimeout' | 'answerTimeout'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** The adapter has to be opened anew. */
  readonly onBroken: (reason: string) => void;
}

const STOPPED = 'the gateway has stopped using Bluetooth';
/** While so many wait to be connected, nobody else is shown: their time would run out in the queue. */
const MOST_WAITING = 2;

interface InUse {
  readonly adapter: Adapter;
  readonly radio: Radio;
  /** Aborted when the adapter is given up: what is under way is of no use any more. */
  readonly end: AbortController;
}

/** Devices around an adapter. There may be no adapter for a while: then nobody is found, and everybody is gone. */
export class BluetoothManager implements HardwareManager {
  readonly name = 'bluetooth';
  readonly on: HardwareManager['on'];
  readonly #state: ManagerState<BluetoothLink>;
  readonly #sightings: Sightings;
  #adapter: InUse | undefined;
  #scan: Disposable | undefined;
  #isScanWanted = false;

  constructor(private readonly options: BluetoothManagerOptions) {
    this.#state = new ManagerState(options.log);
    this.on = this.#state.on;
    this.#sightings = new Sightings(options.clock, (peripheral) => this.#adapter?.adapter.binding.forget(peripheral));
  }

  async startScanning(): Promise<void> {
    if (!this.#adapter) {
      // Nobody has to wait for what cannot find anything.
      this.#state.scanFinished();
      return;
    }
    const { radio } = this.#adapter;
    this.#isScanWanted = true;
    this.#sightings.newScan();
    this.#scan ??= radio.wishForScan();
    await radio.settled();
  }

  async stopScanning(): Promise<void> {
    this.#isScanWanted = false;
    this.#scan?.[Symbol.dispose]();
    this.#scan = undefined;
    await this.#adapter?.radio.settled();
  }

  /** There is an adapter now. */
  use(adapter: Adapter): void {
    const { clock, log, onBroken } = this.options;
    const radio = new Radio({
      noble: adapter.noble,
      binding: adapter.binding,
      clock,
      log,
      onSeen: (peripheral) => this.#seen(peripheral),
      onBroken,
    });
    this.#adapter = { adapter, radio, end: new AbortController() };
    if (this.#isScanWanted) this.#scan = radio.wishForScan();
  }

  /** There is none any more. */
  async lose(reason: string): Promise<void> {
    const lost = this.#adapter;
    this.#adapter = undefined;
    lost?.end.abort(new LinkError(reason));
    this.#scan = undefined;
    this.#sightings.forget(reason);
    for (const link of this.#state.links) link.lose(reason);
    await lost?.radio.close();
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    this.#adapter?.end.abort(new LinkError(STOPPED));
    await this.#state.disconnectAll();
    await this.lose(STOPPED);
  }

  #seen(peripheral: NoblePeripheral): void {
    if (!this.#adapter) return;
    const { adapter, radio } = this.#adapter;
    if (!adapter.binding.isInReach(peripheral)) {
      this.#sightings.list(addressOf(peripheral), peripheral);
      return;
    }
    const seen = advertisementOf(peripheral, adapter.binding.manufacturerData(peripheral));
    const advertisement = this.#sightings.note(peripheral, seen, radio.waiting < MOST_WAITING);
    if (advertisement) this.#state.discovered(this.#discovery(advertisement));
  }

  #discovery(advertisement: Advertisement): Discovery {
    return { advertisement, connect: (specifier, signal) => this.#connect(advertisement, specifier, signal) };
  }

  async #connect(
    { name, address }: Advertisement,
    specifier: LinkSpecifier,
    signal: AbortSignal,
  ): Promise<HardwareLink> {
    if (specifier.kind !== 'bluetooth') throw new LinkError(`${name} is a Bluetooth device, and nothing else`);
    try {
      const link = await this.#open(name === '' ? address : name, address, specifier, signal);
      this.#sightings.connected(address);
      return link;
    } catch (error) {
      this.#sightings.failed(address);
      throw error;
    }
  }

  async #open(
    name: string,
    address: string,
    specifier: BluetoothSpecifier,
    signal: AbortSignal,
  ): Promise<HardwareLink> {
    const { clock, log, config } = this.options;
    const current = this.#adapter;
    if (!current) throw new LinkError('there is no Bluetooth adapter');
    const { radio, adapter, end } = current;
    const whileWanted = AbortSignal.any([signal, end.signal]);
    await this.#inReach(radio, address, whileWanted);
    this.#assertRoom();
    return radio.exclusively(async () => {
      // One of those before it may have been the last.
      this.#assertRoom();
      const peripheral = this.#sightings.peripheral(address);
      const characteristics = await openPeripheral({
        peripheral,
        binding: adapter.binding,
        name,
        specifier,
        clock,
        log,
        connectLimitMs: config.connectTimeout,
        answerLimitMs: config.answerTimeout,
        signal: whileWanted,
      });
      return this.#link(name, address, peripheral, characteristics, adapter);
    });
  }

  #assertRoom(): void {
    const { maxDevices } = this.options.config;
    if (this.#state.links.length < maxDevices) return;
    throw new LinkError(
      `${maxDevices} Bluetooth devices are connected; plugins.hardware-bluetooth.maxDevices is the limit`,
    );
  }

  /** A connection to a device out of reach would keep all others waiting: it is looked for first. */
  async #inReach(radio: Radio, address: string, signal: AbortSignal): Promise<void> {
    if (this.#sightings.isFresh(address)) return;
    const scan = radio.wishForScan();
    try {
      await this.#sightings.next(address, this.options.config.connectTimeout, signal);
    } finally {
      scan[Symbol.dispose]();
    }
  }

  #link(
    name: string,
    address: string,
    peripheral: NoblePeripheral,
    characteristics: ReadonlyMap<Endpoint, NobleCharacteristic>,
    { binding, explain }: Adapter,
  ): BluetoothLink {
    const { clock, log, config } = this.options;
    const link = new BluetoothLink({
      name,
      address,
      peripheral,
      characteristics,
      backlog: new Backlog(() => binding.underWay(peripheral), clock),
      mtu: () => binding.mtu(peripheral),
      clock,
      log,
      answerLimitMs: config.answerTimeout,
      disconnectLimitMs: binding.disconnectLimitMs,
      explain,
    });
    return this.#state.keep(link, () => this.#sightings.left(address));
  }
}
