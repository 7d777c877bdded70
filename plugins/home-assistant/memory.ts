import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, describeError, type Logger, type Static, setAside, Type } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';
import writeFileAtomic from 'write-file-atomic';
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

const file = Compile(
  Type.Object({
    devices: Type.Array(RememberedDevice),
    /** By object id: what Home Assistant may still have, and has to be told when it is gone. */
    components: Type.Record(Type.String(), Components),
  }),
);

/**
 * What Home Assistant has been told, from one run of the gateway to the next. Without it, every restart would take from Home
 * Assistant the devices that happen to sleep.
 */
export class Memory {
  readonly #devices = new Map<string, RememberedDevice>();
  readonly #components = new Map<string, Components>();
  #saving: Promise<void> = Promise.resolve();
  #isDirty = false;
  #isKept = false;

  constructor(
    private readonly path: string,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Reads the file. A damaged one is moved aside and reported: devices that sleep are then announced when they wake. */
  async load(): Promise<void> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      this.log.warn({ err: error, file: this.path }, 'the file of devices in Home Assistant is not readable');
      return;
    }
    try {
      const content: unknown = JSON.parse(text);
      if (!file.Check(content)) throw new Error('it does not have the form the gateway writes');
      for (const remembered of content.devices) this.#devices.set(remembered.device.id, remembered);
      for (const [objectId, components] of Object.entries(content.components)) {
        this.#components.set(objectId, components);
      }
    } catch (error) {
      await this.#setAside(describeError(error));
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
    await this.#saving;
  }

  async #setAside(reason: string): Promise<void> {
    const aside = await setAside(this.path, 'the damaged file of Home Assistant', this.clock, this.log);
    this.log.warn(
      { file: aside },
      `the file of devices in Home Assistant is damaged (${reason}); it is kept aside and a new one begun`,
    );
  }

  /** One write after the other, each with what is known by then. */
  #save(): void {
    if (this.#isDirty || !this.#isKept) return;
    this.#isDirty = true;
    this.#saving = this.#saving.then(async () => {
      this.#isDirty = false;
      const content = { devices: this.devices, components: Object.fromEntries(this.#components) };
      try {
        await mkdir(dirname(this.path), { recursive: true });
        await writeFileAtomic(this.path, `${JSON.stringify(content, null, 2)}\n`);
      } catch (error) {
        this.log.warn({ err: error, file: this.path }, 'the file of devices in Home Assistant could not be written');
      }
    });
  }
}
