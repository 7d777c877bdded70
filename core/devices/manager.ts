import type { DeviceInput } from '../catalogue/definition.js';
import type { Candidate } from '../catalogue/matching.js';
import { type Clock, withDeadline } from '../clock.js';
import { DeviceError, describeError, ShutdownError } from '../errors.js';
import { type EventSource, Events } from '../events.js';
import type { Advertisement, Discovery, HardwareManager } from '../hardware/contract.js';
import type { HardwareHost } from '../hardware/host.js';
import type { Logger } from '../logging/logger.js';
import type { DeviceDirectory } from '../protocol/definition.js';
import type { AnnouncedDevice, InputReading } from '../protocol/model.js';
import { Bystanders } from './bystanders.js';
import type { Connector } from './connector.js';
import type { Device } from './device.js';
import type { KnownDevices } from './known-devices.js';
import { LeftBehind } from './left-behind.js';
import type { Driver, Output, OutputChange } from './output.js';
import { type Origin, type ReconnectOptions, Reconnector } from './reconnector.js';
import { Scanner, type ScanOwner } from './scanner.js';
import type { Subscriber } from './subscriptions.js';

export interface DeviceManagerEvents {
  added: [device: Device];
  removed: [device: Device, reason: string];
  scanFinished: [owners: readonly ScanOwner[]];
  reading: [reading: InputReading, listeners: ReadonlySet<Subscriber>];
  output: [change: OutputChange];
}

export interface DeviceManagerOptions {
  readonly reconnect: ReconnectOptions;
  /** How long stops may take to be written before a device is disconnected all the same, ms. */
  readonly stopTimeoutMs: number;
}

/** The devices that are connected, and how they come and go. */
export class DeviceManager implements HardwareHost, DeviceDirectory {
  readonly #devices = new Map<number, Device>();
  readonly #origins = new Map<Device, Origin>();
  readonly #connecting = new Map<string, { readonly manager: HardwareManager; readonly abort: AbortController }>();
  readonly #managers = new Map<HardwareManager, Disposable[]>();
  readonly #events: Events<DeviceManagerEvents>;
  readonly #scanner: Scanner;
  readonly #reconnector: Reconnector;
  /** Devices that dropped out, by address, with what they were told last. */
  readonly #dropped = new Map<string, Device>();
  readonly #bystanders: Bystanders;
  readonly #leftBehind: LeftBehind;
  #closing = false;
  #list: readonly AnnouncedDevice[] | undefined;

  constructor(
    private readonly connector: Connector,
    known: KnownDevices,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly options: DeviceManagerOptions,
  ) {
    this.#events = new Events((error, event) => log.error({ err: error, event }, 'a listener to device events failed'));
    this.#bystanders = new Bystanders(log);
    this.#scanner = new Scanner(log, (owners) => this.#events.emit('scanFinished', owners));
    this.#leftBehind = new LeftBehind(known, this.#scanner, (device) => connector.admits(device), clock, log);
    this.#reconnector = new Reconnector(clock, options.reconnect, ({ manager, discovery }) => {
      void this.#discovered(manager, discovery);
    });
  }

  get events(): EventSource<DeviceManagerEvents> {
    return this.#events;
  }

  /** Ascending by index. The same array until something changes. */
  get announced(): readonly AnnouncedDevice[] {
    this.#list ??= this.all.map((device) => device.announced);
    return this.#list;
  }

  /** In no particular order. */
  get connected(): Iterable<Device> {
    return this.#devices.values();
  }

  get all(): readonly Device[] {
    return [...this.#devices.values()].sort((left, right) => left.index - right.index);
  }

  get(deviceIndex: number): Device | undefined {
    return this.#devices.get(deviceIndex);
  }

  lastPosition(deviceIndex: number, featureIndex: number): number {
    return this.#devices.get(deviceIndex)?.lastPosition(featureIndex) ?? 0;
  }

  /** Throws a ShutdownError when the gateway is ending. */
  assertOpen(): void {
    if (this.#closing) throw new ShutdownError('The gateway is shutting down');
  }

  /** Throws a DeviceError when there is none, a ShutdownError when the gateway is ending. */
  require(deviceIndex: number): Device {
    this.assertOpen();
    const device = this.#devices.get(deviceIndex);
    if (!device) throw new DeviceError(`No device with index ${deviceIndex}`);
    return device;
  }

  /** @param ownOnly looks for no devices of other servers */
  startScanning(owner: ScanOwner, ownOnly = false): void {
    this.assertOpen();
    this.#bystanders.forget();
    this.#scanner.start(owner, ownOnly);
    for (const { manager, discovery } of this.#leftBehind.takePassedOver()) void this.#discovered(manager, discovery);
  }

  stopScanning(owner: ScanOwner): void {
    this.#scanner.stop(owner);
  }

  /** Looks for what an earlier run has left on. */
  searchLeftBehind(): void {
    this.#leftBehind.search();
  }

  /** The session is gone: its scan ends, and nobody is told. */
  forgetScan(owner: ScanOwner): void {
    this.#scanner.forget(owner);
  }

  /** Whether an output of any device is on because of this driver. */
  isDrivenBy(driver: Driver): boolean {
    for (const device of this.#devices.values()) if (device.isDrivenBy(driver)) return true;
    return false;
  }

  /** Stops every device on which something may be on, whoever drives it. */
  stopActive(): void {
    for (const device of this.#devices.values()) device.stopActive();
  }

  attach(manager: HardwareManager): AsyncDisposable {
    const subscriptions = [
      manager.on('discovered', (discovery) => void this.#discovered(manager, discovery)),
      manager.on('scanFinished', () => this.#scanner.managerFinished(manager)),
    ];
    this.#managers.set(manager, subscriptions);
    this.#scanner.add(manager);
    this.#leftBehind.look();
    return { [Symbol.asyncDispose]: () => this.#detach(manager) };
  }

  /** Stops everything, waits for the stops to be written, and disconnects. Takes no orders from then on. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#reconnector.close();
    this.#leftBehind.close();
    for (const { abort } of this.#connecting.values()) abort.abort(new ShutdownError('The gateway is shutting down'));
    await this.#release(this.all, 'the gateway is shutting down');
    const { stopTimeoutMs } = this.options;
    const late = () => new DeviceError(`a manager did not answer within ${stopTimeoutMs} ms`);
    await withDeadline(this.clock, stopTimeoutMs, this.#scanner.close(), late).catch((error: unknown) =>
      this.log.warn({ err: error }, 'scanning did not end'),
    );
  }

  async #detach(manager: HardwareManager): Promise<void> {
    for (const subscription of this.#managers.get(manager) ?? []) subscription[Symbol.dispose]();
    this.#managers.delete(manager);
    this.#reconnector.forgetManager(manager);
    for (const attempt of this.#connecting.values()) {
      if (attempt.manager === manager) attempt.abort.abort(new ShutdownError(`${manager.name} has stopped`));
    }
    const own = this.all.filter((device) => this.#origins.get(device)?.manager === manager);
    await this.#release(own, `${manager.name} has stopped`);
    await this.#scanner.remove(manager);
  }

  /** Stops, drains and disconnects, each within a time limit, all at once. */
  async #release(devices: readonly Device[], reason: string): Promise<void> {
    for (const device of devices) device.stop();
    const { stopTimeoutMs } = this.options;
    await Promise.all(
      devices.map(async (device) => {
        const { key } = device;
        const late = (what: string) => () => new DeviceError(`${key}: ${what} took longer than ${stopTimeoutMs} ms`);
        const within = (what: string, work: Promise<void>) =>
          withDeadline(this.clock, stopTimeoutMs, work, late(what)).then(
            () => true,
            (error: unknown) => {
              this.log.error({ device: key, err: error }, `could not finish ${what}`);
              return false;
            },
          );
        const isWritten = await within('its stop', device.drained());
        if (isWritten && !device.mayBeOn) this.#leftBehind.released(device.identity);
        this.#remove(device, reason);
        await within('disconnecting', device.disconnect(reason));
      }),
    );
  }

  async #discovered(manager: HardwareManager, discovery: Discovery): Promise<void> {
    const { address, name } = discovery.advertisement;
    if (this.#closing || !this.#managers.has(manager) || this.#connecting.has(address) || this.#isConnected(address))
      return;
    const wasKnown = this.#reconnector.isWaitingFor(address);
    if (!wasKnown && this.#leftBehind.passesOver({ manager, discovery })) return;
    const candidates = this.#candidates(discovery.advertisement);
    if (candidates.length === 0) return;
    const abort = new AbortController();
    this.#connecting.set(address, { manager, abort });
    try {
      const device = await this.connector.connect(discovery, candidates, abort.signal, {
        earlier: this.#dropped.get(address),
        onReading: (source, input, value, listeners) => this.#reading(source, input, value, listeners),
        onOutput: (source, output) => this.#output(source, output),
      });
      this.#reconnector.cameBack(address);
      this.#dropped.delete(address);
      this.#adopt(device, { manager, discovery });
    } catch (error) {
      if (this.#closing || !this.#managers.has(manager)) return;
      if (wasKnown) {
        this.log.debug({ name, address, err: error }, 'not back yet');
        this.#reconnector.retry({ manager, discovery });
      } else {
        this.log.warn({ name, address }, `could not connect: ${describeError(error)}`);
      }
    } finally {
      this.#connecting.delete(address);
    }
  }

  /** What could drive it. Of hardware that nothing can or may, it is said why. */
  #candidates(advertisement: Advertisement): readonly Candidate[] {
    if (!this.connector.admits(advertisement)) {
      this.#bystanders.note(advertisement, 'the device settings keep it out');
      return [];
    }
    const claims = this.connector.candidates(advertisement);
    const drivable = claims.filter(({ definition }) => definition.status !== 'recognised');
    const [recognised] = claims;
    if (!recognised) this.#bystanders.report(advertisement);
    else if (drivable.length === 0) {
      this.#bystanders.reportUndrivable(advertisement, recognised.definition.brand, recognised.definition.id);
    }
    return drivable;
  }

  #adopt(device: Device, origin: Origin): void {
    if (this.#closing || !this.#managers.has(origin.manager)) {
      void device.disconnect('nobody wants it any more');
      return;
    }
    const occupant = this.#devices.get(device.index);
    if (occupant) {
      const reason = 'another device took its index';
      this.#remove(occupant, reason);
      void this.#release([occupant], reason);
    }
    this.#devices.set(device.index, device);
    this.#origins.set(device, origin);
    this.#list = undefined;
    this.#leftBehind.connected(device);
    this.log.info({ index: device.index, device: device.key, via: origin.manager.name }, `connected: ${device.name}`);
    this.#events.emit('added', device);
    const lost = () => this.#lost(device, describeError(device.gone.reason));
    if (device.gone.aborted) lost();
    else device.gone.addEventListener('abort', lost, { once: true });
  }

  /** The hardware went away by itself. */
  #lost(device: Device, reason: string): void {
    const origin = this.#origins.get(device);
    // What was at rest is not looked for, should it not come back.
    if (!device.mayBeOn) this.#leftBehind.released(device.identity);
    device.close(reason);
    if (!this.#remove(device, reason) || !origin || this.#closing) return;
    this.#dropped.set(device.identity.address, device);
    this.#reconnector.retry(origin);
  }

  /** False when this very device was not in the list any more (facts: B28). */
  #remove(device: Device, reason: string): boolean {
    this.#origins.delete(device);
    if (this.#devices.get(device.index) !== device) return false;
    this.#devices.delete(device.index);
    this.#list = undefined;
    this.log.info({ index: device.index, device: device.key }, `disconnected: ${device.name} (${reason})`);
    this.#events.emit('removed', device, reason);
    return true;
  }

  #reading(device: Device, { feature, type }: DeviceInput, value: number, listeners: ReadonlySet<Subscriber>): void {
    const reading = { deviceIndex: device.index, featureIndex: feature.index, type, value };
    if (this.#devices.get(device.index) === device) this.#events.emit('reading', reading, listeners);
  }

  /** On the way of every command: nothing is made of it unless somebody wants to know. */
  #output(device: Device, output: Output): void {
    if (this.#events.listenerCount('output') === 0 || this.#devices.get(device.index) !== device) return;
    this.#events.emit('output', device.changeOf(output));
  }

  #isConnected(address: string): boolean {
    return [...this.#devices.values()].some((device) => device.identity.address === address);
  }
}
