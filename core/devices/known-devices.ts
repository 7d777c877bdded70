import Type, { type Static } from 'typebox';
import { parse, stringify } from 'yaml';
import type { Clock } from '../clock.js';
import type { Logger } from '../logging/logger.js';
import { StateFile } from '../state-file.js';
import { type DeviceIdentity, deviceKey } from './identity.js';

const KnownDevice = Type.Object({
  protocol: Type.String(),
  identifier: Type.String(),
  address: Type.String(),
  index: Type.Integer({ minimum: 0, maximum: 4294967295 }),
  /** For people who read the file. */
  name: Type.Optional(Type.String()),
});
type KnownDevice = Static<typeof KnownDevice>;
const Content = Type.Object({ devices: Type.Array(KnownDevice) });

const HEADER = `# Written by Pulsegate: which index belongs to which device. It may be edited while the gateway is stopped.
# Names, limits and everything else of your own belong into the device settings file, which is never written to.
`;

/** Remembers the index of every device ever connected, in a file of the gateway's own. */
export class KnownDevices {
  readonly #byKey = new Map<string, KnownDevice>();
  readonly #file: StateFile<typeof Content>;

  constructor(
    private readonly path: string,
    clock: Clock,
    private readonly log: Logger,
  ) {
    this.#file = new StateFile({
      path,
      what: 'file of known devices',
      otherwise: 'indexes may change',
      schema: Content,
      format: { parse, stringify: (content) => HEADER + stringify(content) },
      clock,
      log,
    });
  }

  /** Reads the file. Without one, or with a damaged one, the gateway starts with what it can learn anew. */
  async load(): Promise<void> {
    const content = await this.#file.load();
    if (content) this.#adopt(content.devices);
  }

  /**
   * The index of this device: `preferred`, else the one it always had, else the smallest that no known device has. `reserved`
   * are those that a person gave to some device. Taken from this moment on.
   */
  reserve(
    identity: DeviceIdentity,
    name: string,
    preferred: number | undefined,
    reserved: ReadonlySet<number>,
  ): number {
    const key = deviceKey(identity);
    const known = this.#byKey.get(key);
    // What a person gave to another device is not this one's any more, even while that other is away.
    const wanted = preferred ?? (known && !reserved.has(known.index) ? known.index : undefined);
    if (known && known.index === wanted) return wanted;
    const index = wanted ?? this.#smallestFree(reserved);
    // A person's word about an index beats what was learned about another device.
    for (const [other, device] of this.#byKey) if (device.index === index) this.#byKey.delete(other);
    this.#byKey.set(key, { ...identity, index, name });
    this.#save();
    return index;
  }

  /** This device has been connected before, in this run or an earlier one. */
  isKnown(identity: DeviceIdentity): boolean {
    return this.#byKey.has(deviceKey(identity));
  }

  /** Resolves when everything learned is on disk. */
  async saved(): Promise<void> {
    await this.#file.saved();
  }

  #smallestFree(reserved: ReadonlySet<number>): number {
    const taken = new Set([...this.#byKey.values()].map(({ index }) => index));
    let index = 0;
    while (taken.has(index) || reserved.has(index)) index += 1;
    return index;
  }

  #adopt(devices: readonly KnownDevice[]): void {
    const taken = new Map<number, string>();
    for (const device of devices) {
      const key = deviceKey(device);
      const other = taken.get(device.index);
      if (other !== undefined && other !== key) {
        this.log.warn(
          { file: this.path },
          `index ${device.index} belongs to both ${other} and ${key}; the latter gets a new one`,
        );
        continue;
      }
      taken.set(device.index, key);
      this.#byKey.set(key, device);
    }
  }

  #save(): void {
    this.#file.save(() => ({
      devices: [...this.#byKey.values()].sort((left, right) => left.index - right.index),
    }));
  }
}
