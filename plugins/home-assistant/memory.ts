import { type Clock, type Logger, StateFile, type Static, Type } from 'pulsegate/plugin';
import { PLATFORMS } from './discovery/component.js';
import { KnownDevice } from './known-device.js';

const RememberedDevice = Type.Object({
  device: KnownDevice,
  /** The day it was connected last; at which hour is nobody's business. */
  seen: Type.String({ format: 'date' }),
});
export type RememberedDevice = Static<typeof RememberedDevice>;

/** Characters of `2026-01-31`. */
const DATE_LENGTH = 10;

/** Platforms by the key of the component. */
const Components = Type.Record(Type.String(), Type.Enum(PLATFORMS));
export type Components = Static<typeof Components>;

const Content = Type.Object({
  devices: Type.Array(RememberedDevice),
  /** By object id: what Home Assistant may still have, and has to be told when it is gone. */
  components: Type.Record(Type.String(), Components),
});

/**
 * What Home Assistant has been told, from one run of the gateway to the next. Without it, every restart would take from Home
 * Assistant the devices that happen to sleep.
 */
export class Memory {
  readonly #devices = new Map<string, RememberedDevice>();
  readonly #components = new Map<string, Components>();
  readonly #file: StateFile<typeof Content>;
  #isKept = false;

  constructor(
    path: string,
    private readonly clock: Clock,
    log: Logger,
  ) {
    this.#file = new StateFile({ path, what: 'file of devices in Home Assistant', schema: Content, clock, log });
  }

  /** Reads the file. Without one, or with a damaged one, devices that sleep are announced when they wake. */
  async load(): Promise<void> {
    const content = await this.#file.load();
    if (!content) return;
    for (const remembered of content.devices) this.#devices.set(remembered.device.id, remembered);
    for (const [objectId, components] of Object.entries(content.components)) {
      this.#components.set(objectId, components);
    }
  }

  /** There is a broker that was told something: from now on it is worth a file. */
  keep(): void {
    if (this.#isKept) return;
    this.#isKept = true;
    this.#save();
  }

  get devices(): readonly RememberedDevice[] {
    return [...this.#devices.values()];
  }

  /** The device is connected now. */
  remember(device: KnownDevice): void {
    const remembered = { device, seen: this.clock.date().toISOString().slice(0, DATE_LENGTH) };
    if (JSON.stringify(this.#devices.get(device.id)) === JSON.stringify(remembered)) return;
    this.#devices.set(device.id, remembered);
    this.#save();
  }

  forget(id: string): void {
    if (this.#devices.delete(id)) this.#save();
  }

  components(objectId: string): Components {
    return this.#components.get(objectId) ?? {};
  }

  setComponents(objectId: string, components: Components): void {
    if (JSON.stringify(this.components(objectId)) === JSON.stringify(components)) return;
    this.#components.set(objectId, components);
    this.#save();
  }

  forgetComponents(objectId: string): void {
    if (this.#components.delete(objectId)) this.#save();
  }

  /** Resolves when everything is on disk. */
  async saved(): Promise<void> {
    await this.#file.saved();
  }

  #save(): void {
    if (!this.#isKept) return;
    this.#file.save(() => ({ devices: [...this.devices], components: Object.fromEntries(this.#components) }));
  }
}
