import type { Clock, Timer } from '../clock.js';
import type { Logger } from '../logging/logger.js';
import type { Device } from './device.js';
import type { Advertisement } from './hardware.js';
import { type DeviceIdentity, deviceKey } from './identity.js';
import type { KnownDevices } from './known-devices.js';
import type { Scanner } from './scanner.js';

/** The name that the search goes by among those who scan. */
const OWNER = 'search for what was left behind';
/** How long it is looked for, ms. */
const SEARCH_MS = 30_000;
/** What no manager shows unless somebody scans. All else is there by itself, or it is not. */
const SHOWN_BY_SCANS: ReadonlySet<Advertisement['kind']> = new Set(['bluetooth', 'lovense-connect']);

/**
 * Devices that the last run did not stop and let go: it was killed, or they had dropped out while they were on. They may be on
 * still, and nobody is in charge of them. They are looked for when the gateway starts; whatever comes back is stopped first of all.
 */
export class LeftBehind {
  #timer: Timer | undefined;

  constructor(
    private readonly known: KnownDevices,
    private readonly scanner: Scanner,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  search(): void {
    const { left } = this.known;
    if (left.length === 0) return;
    const names = left.map(({ name, address }) => name ?? address).join(', ');
    this.log.warn(`the last run did not get to stop these, and they are looked for: ${names}`);
    this.#timer = this.clock.after(SEARCH_MS, () => this.#giveUp());
    this.look();
  }

  /** There is something new to look with. */
  look(): void {
    if (this.#timer) this.scanner.start(OWNER, true);
  }

  /** Nobody has asked for any other device. */
  passesOver({ kind, address }: Advertisement): boolean {
    if (!this.#timer || !SHOWN_BY_SCANS.has(kind) || !this.scanner.isOnlyFor(OWNER)) return false;
    return !this.known.left.some((device) => device.address === address);
  }

  /** Before it may be driven. */
  connected({ identity, isRemote }: Device): void {
    // Another server stops its devices by itself.
    if (isRemote) return;
    const wasLeft = this.known.left.some((device) => deviceKey(device) === deviceKey(identity));
    this.known.connected(identity);
    if (wasLeft)
      this.log.info({ device: deviceKey(identity) }, 'found what the last run did not stop; it is stopped now');
    if (this.known.left.length === 0) this.close();
  }

  /** It was stopped, and let go. */
  released(identity: DeviceIdentity): void {
    this.known.released(identity);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.scanner.forget(OWNER);
  }

  #giveUp(): void {
    const names = this.known.left.map(({ name, address }) => name ?? address).join(', ');
    this.log.warn(
      `not found within ${SEARCH_MS / 1000} s, and not looked for any more; see to it that they are off: ${names}`,
    );
    this.known.forgetLeft();
    this.close();
  }
}
