import type { Clock, Timer } from '../clock.js';
import type { Advertisement } from '../hardware/contract.js';
import type { Logger } from '../logging/logger.js';
import type { Device } from './device.js';
import { type DeviceIdentity, deviceKey } from './identity.js';
import type { KnownDevice, KnownDevices } from './known-devices.js';
import type { Origin } from './reconnector.js';
import type { Scanner } from './scanner.js';

/** The name that the search goes by among those who scan. */
const OWNER = 'search for what was left behind';
/** How long it is looked for, ms. */
const SEARCH_MS = 30_000;
/** A scan that has ended or failed meanwhile is begun anew after so long, ms. */
const LOOK_AGAIN_MS = 5_000;
/** What no manager shows unless somebody scans. All else is there by itself, or it is not. */
const SHOWN_BY_SCANS: ReadonlySet<Advertisement['kind']> = new Set(['bluetooth', 'lovense-connect']);

/**
 * Devices that the last run did not stop and let go: it was killed, or they had dropped out while they were on. They may be on
 * still, and nobody is in charge of them. They are looked for when the gateway starts; whatever comes back is stopped first of all.
 */
export class LeftBehind {
  #timers: readonly Timer[] = [];
  /** By address. */
  readonly #passedOver = new Map<string, Origin>();

  /** @param admits whether the device settings let this device in */
  constructor(
    private readonly known: KnownDevices,
    private readonly scanner: Scanner,
    private readonly admits: (device: DeviceIdentity) => boolean,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  search(): void {
    this.#leaveKeptOut();
    const { left } = this.known;
    if (left.length === 0) return;
    this.log.warn(`the last run did not get to stop these, and they are looked for: ${namesOf(left)}`);
    this.#timers = [
      this.clock.after(SEARCH_MS, () => this.#giveUp()),
      this.clock.every(LOOK_AGAIN_MS, () => this.look()),
    ];
    this.look();
  }

  /** There may be something new to look with. */
  look(): void {
    if (this.#isOn) this.scanner.start(OWNER, true);
  }

  /** Nobody has asked for any other device: it is kept until somebody does. */
  passesOver(origin: Origin): boolean {
    const { advertisement } = origin.discovery;
    const { kind, address } = advertisement;
    if (!this.#isOn || !SHOWN_BY_SCANS.has(kind) || !this.scanner.isOnlyFor(OWNER)) return false;
    if (this.known.left.some((device) => device.address === address)) return false;
    this.#passedOver.set(address, origin);
    return true;
  }

  /** What was passed over, for somebody who asks for all there is: what scans already need not show it again. */
  takePassedOver(): readonly Origin[] {
    const origins = [...this.#passedOver.values()];
    this.#passedOver.clear();
    return origins;
  }

  /** Before it may be driven. */
  connected({ identity, isRemote }: Device): void {
    // Another server stops its devices by itself.
    if (isRemote) return;
    const wasLeft = this.known.left.some(({ address }) => address === identity.address);
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
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    this.#passedOver.clear();
    this.scanner.forget(OWNER);
  }

  get #isOn(): boolean {
    return this.#timers.length > 0;
  }

  /** Whoever keeps a device out has it in hand. */
  #leaveKeptOut(): void {
    const keptOut = this.known.left.filter((device) => !this.admits(device));
    if (keptOut.length === 0) return;
    this.log.warn(
      `the last run did not get to stop these, and the device settings keep them out; see to it that they are off: ${namesOf(keptOut)}`,
    );
    this.known.forgetLeft(keptOut);
  }

  #giveUp(): void {
    const { left } = this.known;
    this.log.warn(
      `not found within ${SEARCH_MS / 1000} s, and not looked for any more; see to it that they are off: ${namesOf(left)}`,
    );
    this.known.forgetLeft(left);
    this.close();
  }
}

const namesOf = (devices: readonly KnownDevice[]): string =>
  devices.map(({ name, address }) => name ?? address).join(', ');
