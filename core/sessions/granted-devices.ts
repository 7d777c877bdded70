import type { Device } from '../devices/device.js';
import type { DeviceManager } from '../devices/manager.js';
import type { Driver } from '../devices/output.js';
import type { Subscriber } from '../devices/subscriptions.js';
import { DeviceError } from '../errors.js';
import type { AnnouncedDevice, InputType, OutputCommand, OutputType } from '../protocol/model.js';
import type { DeviceAccess, ReachableDevice } from './device-access.js';
import { type DeviceGrant, type FeatureSelection, Grants } from './grants.js';

/** The devices of one client that may not reach all of them, as that client sees them. */
export class GrantedDevices implements DeviceAccess {
  readonly #grants: Grants;
  /** What is announced of a device does not change while it is connected, so neither does what is granted of it. */
  readonly #known = new WeakMap<Device, ReachableDevice | undefined>();

  /** @param ownOnly leaves out the devices of other servers */
  constructor(
    private readonly devices: DeviceManager,
    private readonly grants: readonly DeviceGrant[],
    private readonly ownOnly = false,
  ) {
    this.#grants = new Grants(grants);
  }

  /** The same without the devices of other servers. */
  get own(): GrantedDevices {
    return new GrantedDevices(this.devices, this.grants, true);
  }

  get announced(): readonly AnnouncedDevice[] {
    return this.all.map(({ announced }) => announced);
  }

  get all(): readonly ReachableDevice[] {
    return this.devices.all.flatMap((device) => this.of(device) ?? []);
  }

  get(deviceIndex: number): ReachableDevice | undefined {
    const device = this.devices.get(deviceIndex);
    return device && this.of(device);
  }

  /** The name of a device that the client does not see is none of its business, and not in the error. */
  require(deviceIndex: number): ReachableDevice {
    const granted = this.of(this.devices.require(deviceIndex));
    if (!granted) throw notGranted(`Device ${deviceIndex}`);
    return granted;
  }

  lastPosition(deviceIndex: number, featureIndex: number): number {
    return this.devices.lastPosition(deviceIndex, featureIndex);
  }

  /** The client's view of a device, connected or just gone; undefined when it has none. */
  of(device: Device): ReachableDevice | undefined {
    if (!this.#known.has(device)) this.#known.set(device, this.#view(device));
    return this.#known.get(device);
  }

  #view(device: Device): ReachableDevice | undefined {
    if (this.ownOnly && device.isRemote) return undefined;
    const granted = this.#grants.of(device.announced);
    if (granted === 'everything') return device;
    const announced = granted.narrow(device.announced);
    return announced && new PartOfDevice(device, announced, granted);
  }
}

/** A device of which a client may use some features. What is not among them is refused before the device hears of it. */
class PartOfDevice implements ReachableDevice {
  readonly inputs: ReachableDevice['inputs'] = {
    read: async (feature, type) => this.#granted(feature, type).inputs.read(feature, type),
    subscribe: async (feature, type, subscriber) =>
      this.#granted(feature, type).inputs.subscribe(feature, type, subscriber),
    unsubscribe: async (feature, type, subscriber) =>
      this.#granted(feature, type).inputs.unsubscribe(feature, type, subscriber),
  };

  constructor(
    private readonly device: Device,
    readonly announced: AnnouncedDevice,
    private readonly selection: FeatureSelection,
  ) {}

  requireFeature(featureIndex: number): void {
    this.device.requireFeature(featureIndex);
    if (!this.announced.features.some(({ index }) => index === featureIndex)) {
      throw notGranted(`Feature ${featureIndex} of ${this.#title}`);
    }
  }

  check(command: OutputCommand): void {
    this.#granted(command.featureIndex, command.type).check(command);
  }

  output(command: OutputCommand, driver: Driver): void {
    this.#granted(command.featureIndex, command.type).output(command, driver);
  }

  stop(featureIndex?: number): void {
    this.device.stop(featureIndex, ({ feature, type }) => this.selection.has(feature, type));
  }

  async raw(): Promise<never> {
    throw new DeviceError(
      `Only part of ${this.#title} is granted to this client; Raw messages need a grant of the whole device`,
    );
  }

  dropSubscriber(subscriber: Subscriber, featureIndex?: number): Promise<void> {
    return this.device.dropSubscriber(subscriber, featureIndex);
  }

  get #title(): string {
    return `device ${this.device.index} (${this.device.name})`;
  }

  /** The device, for one output or input of it that is granted. */
  #granted(featureIndex: number, type: OutputType | InputType): Device {
    const feature = this.device.announced.features.find(({ index }) => index === featureIndex);
    if (feature && this.selection.has(feature, type)) return this.device;
    // Of what does not exist nobody needs to be told that it is not granted.
    this.device.requireFeature(featureIndex);
    throw notGranted(`Feature ${featureIndex} of ${this.#title}: ${type}`);
  }
}

const notGranted = (what: string) =>
  new DeviceError(`${what} is not granted to this client; the device grants of its session have to name it`);
