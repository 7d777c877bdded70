import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import writeFileAtomic from 'write-file-atomic';
import { parse, stringify } from 'yaml';
import type { Clock } from '../clock.js';
import { describeError } from '../errors.js';
import type { Logger } from '../logging/logger.js';
import { setAside } from '../set-aside.js';
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
const file = Compile(Type.Object({ devices: Type.Array(KnownDevice) }));

const HEADER = `# Written by Pulsegate: which index belongs to which device. It may be edited while the gateway is stopped.
# Names, limits and everything else of your own belong into the device settings file, which is never written to.
`;

/** Remembers the index of every device ever connected, in a file of the gateway's own. */
export class KnownDevices {
  readonly #byKey = new Map<string, KnownDevice>();
  #saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Reads the file. A damaged one is moved aside and reported; the gateway then starts with what it can learn anew. */
  async load(): Promise<void> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      this.log.warn({ err: error, file: this.path }, 'the file of known devices is not readable; indexes may change');
      return;
    }
    try {
      const content: unknown = parse(text);
      if (!file.Check(content)) throw new Error('it does not have the form the gateway writes');
      this.#adopt(content.devices);
    } catch (error) {
      await this.#setAside(describeError(error));
    }
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
    await this.#saving;
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

  async #setAside(reason: string): Promise<void> {
    const aside = await setAside(this.path, 'the damaged file of known devices', this.clock, this.log);
    this.log.warn(
      { file: aside },
      `the file of known devices is damaged (${reason}); it is kept aside and a new one begun`,
    );
  }

  /** One write after the other, each with what is known by then. */
  #save(): void {
    this.#saving = this.#saving.then(async () => {
      const devices = [...this.#byKey.values()].sort((left, right) => left.index - right.index);
      try {
        await mkdir(dirname(this.path), { recursive: true });
        await writeFileAtomic(this.path, HEADER + stringify({ devices }));
      } catch (error) {
        this.log.warn(
          { err: error, file: this.path },
          'the file of known devices could not be written; indexes may change',
        );
      }
    });
  }
}
