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
  /** Nobody has stopped it since and let it go. */
  connected: Type.Optional(Type.Boolean()),
});
export type KnownDevice = Static<typeof KnownDevice>;
const Content = Type.Object({ devices: Type.Array(KnownDevice) });

const HEADER = `# Written by Pulsegate: which index belongs to which device. It may be edited while the gateway is stopped.
# What is marked as connected when the gateway starts is looked for and stopped: the last run did not get to it.
# Names, limits and everything else of your own belong into the device settings file, which is never written to.
`;

/** Remembers the index of every device ever connected, and which of them are, in a file of the gateway's own. */
export class KnownDevices {
  readonly #byKey = new Map<string, KnownDevice>();
  /** Keys of those that an earlier run has left connected, and that this one has not seen yet. */
  readonly #left = new Set<string>();
  /** Keys of those that the file does not know yet. */
  readonly #new = new Set<string>();
  readonly #file: StateFile<typeof Content>;

  constructor(
    private readonly path: string,
    clock: Clock,
    private readonly log: Logger,
  ) {
    this.#file = new StateFile({
      path,
      what: 'file of known devices',
      otherwise: 'indexes may change, and what a gateway leaves on that is killed is not looked for',
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
    const loser = [...this.#byKey].find(([, device]) => device.index === index);
    if (!known) this.#new.add(key);
    this.#byKey.set(key, { ...known, ...identity, index, name });
    // A person's word about an index beats what was learned about another device. All else about that one still holds.
    if (loser) this.#byKey.set(loser[0], { ...loser[1], index: this.#smallestFree(reserved) });
    this.#save();
    return index;
  }

  /** It may be driven from now on. The first time this is on disk when it returns: whoever comes after a killed gateway has to know. */
  connected(identity: DeviceIdentity): void {
    const key = deviceKey(identity);
    // The same device, as another model or protocol.
    for (const [other, { address }] of this.#byKey) {
      if (other !== key && address === identity.address) this.#release(other);
    }
    const known = this.#byKey.get(key);
    this.#left.delete(key);
    if (!known || known.connected) return;
    this.#byKey.set(key, { ...known, connected: true });
    if (this.#new.delete(key)) this.#file.saveAtOnce(() => this.#content());
    else this.#save();
  }

  /** It was stopped, and may be left alone. */
  released(identity: DeviceIdentity): void {
    this.#release(deviceKey(identity));
  }

  /** What an earlier run has left connected, as far as it was not connected again. */
  get left(): readonly KnownDevice[] {
    return [...this.#left].flatMap((key) => this.#byKey.get(key) ?? []);
  }

  /** Nobody looks for those any more. */
  forgetLeft(devices: readonly DeviceIdentity[]): void {
    for (const device of devices) this.#release(deviceKey(device));
  }

  /** What is at this address has been connected before, in this run or an earlier one, as whatever model. */
  isKnown(address: string): boolean {
    return [...this.#byKey.values()].some((device) => device.address === address);
  }

  /** Resolves when everything learned is on disk. */
  async saved(): Promise<void> {
    await this.#file.saved();
  }

  #release(key: string): void {
    this.#left.delete(key);
    const known = this.#byKey.get(key);
    if (!known?.connected) return;
    const { connected: _, ...rest } = known;
    this.#byKey.set(key, rest);
    this.#save();
  }

  #smallestFree(reserved: ReadonlySet<number>): number {
    const taken = new Set([...this.#byKey.values()].map(({ index }) => index));
    let index = 0;
    while (taken.has(index) || reserved.has(index)) index += 1;
    return index;
  }

  #adopt(devices: readonly KnownDevice[]): void {
    const taken = new Map<number, string>();
    const losers: KnownDevice[] = [];
    for (const device of devices) {
      const key = deviceKey(device);
      const other = taken.get(device.index) ?? key;
      if (other === key) {
        taken.set(device.index, key);
        this.#byKey.set(key, device);
      } else losers.push(device);
      if (device.connected) this.#left.add(key);
    }
    for (const device of losers) this.#adoptElsewhere(device, taken.get(device.index));
  }

  /** Its index is another one's, by the hand of somebody who edited the file. */
  #adoptElsewhere(device: KnownDevice, other: string | undefined): void {
    const key = deviceKey(device);
    this.log.warn(
      { file: this.path },
      `index ${device.index} belongs to both ${other} and ${key}; the latter gets a new one`,
    );
    if (this.#byKey.has(key)) return;
    this.#byKey.set(key, { ...device, index: this.#smallestFree(new Set()) });
    this.#save();
  }

  #save(): void {
    this.#file.save(() => this.#content());
  }

  #content(): Static<typeof Content> {
    return { devices: [...this.#byKey.values()].sort((left, right) => left.index - right.index) };
  }
}
