import type { DeviceIdentity } from './identity.js';
import { isOwned, type OwnedDevice } from './owned-devices.js';
import type { DeviceSettings, DeviceSettingsFile } from './settings-file.js';

/** What the user's file says, ready to be asked. */
export class DeviceSettingsBook {
  readonly #entries: readonly DeviceSettings[];
  readonly #allowing: boolean;

  /** @param owned devices of a user device configuration; an entry of the file goes before one of those */
  constructor(
    file: DeviceSettingsFile,
    private readonly owned: readonly OwnedDevice[] = [],
  ) {
    this.#entries = file.devices ?? [];
    this.#allowing = this.#everyone.some(({ allow }) => allow === true);
  }

  get #everyone(): readonly Pick<DeviceSettings, 'address' | 'allow' | 'deny' | 'index'>[] {
    return [...this.#entries, ...this.owned];
  }

  /** Deny wins over allow; one allow anywhere shuts out everything without one (facts: device-hardware, §2.3). */
  admits(address: string): boolean {
    const entries = this.#everyone.filter((entry) => entry.address === address);
    if (entries.some(({ deny }) => deny === true)) return false;
    return !this.#allowing || entries.some(({ allow }) => allow === true);
  }

  /** The entry for this device; one that names its protocol wins over one that does not. */
  find({ address, protocol }: DeviceIdentity): DeviceSettings | undefined {
    const entries = this.#entries.filter((entry) => entry.address === address);
    return (
      entries.find((entry) => entry.protocol === protocol) ?? entries.find((entry) => entry.protocol === undefined)
    );
  }

  findOwned(identity: DeviceIdentity): OwnedDevice | undefined {
    return this.owned.find((device) => isOwned(device, identity));
  }

  /** Indexes a person reserved. */
  get reservedIndexes(): ReadonlySet<number> {
    return new Set(this.#everyone.flatMap(({ index }) => (index === undefined ? [] : [index])));
  }
}
