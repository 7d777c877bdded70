import type { HardwareManager } from '../hardware/contract.js';
import type { Logger } from '../logging/logger.js';

/** Who asked for a scan: a session's id. */
export type ScanOwner = string;

/** One manager's part in scanning: starts and stops run one after the other, however quickly they are asked for. */
class ScanningManager {
  #turn: Promise<void> = Promise.resolve();
  #starts = 0;
  scanning = false;

  constructor(
    readonly manager: HardwareManager,
    private readonly log: Logger,
    private readonly onEnded: () => void,
  ) {}

  start(): void {
    if (this.scanning) return;
    this.scanning = true;
    this.#starts += 1;
    const start = this.#starts;
    this.#enqueue(
      'start',
      () => this.manager.startScanning(),
      () => {
        // By the time a start fails, another may have been asked for.
        if (start === this.#starts) this.finished();
      },
    );
  }

  stop(): Promise<void> {
    if (this.scanning) {
      this.scanning = false;
      this.#enqueue('stop', () => this.manager.stopScanning());
    }
    return this.#turn;
  }

  finished(): void {
    if (!this.scanning) return;
    this.scanning = false;
    this.onEnded();
  }

  #enqueue(what: string, work: () => Promise<void>, onFailed?: () => void): void {
    this.#turn = this.#turn.then(work).catch((error: unknown) => {
      this.log.warn({ manager: this.manager.name, err: error }, `could not ${what} scanning`);
      onFailed?.();
    });
  }
}

/**
 * Scanning over all hardware managers, for all sessions: it runs while at least one session wants it. A session hears that
 * scanning finished when every manager came to its end, or when it asked to stop.
 */
export class Scanner {
  readonly #managers = new Map<HardwareManager, ScanningManager>();
  readonly #owners = new Set<ScanOwner>();

  constructor(
    private readonly log: Logger,
    private readonly onFinished: (owners: readonly ScanOwner[]) => void,
  ) {}

  get isScanning(): boolean {
    return this.#owners.size > 0;
  }

  /** Nobody else wants to know what is there. */
  isOnlyFor(owner: ScanOwner): boolean {
    return this.#owners.size === 1 && this.#owners.has(owner);
  }

  add(manager: HardwareManager): void {
    const entry = new ScanningManager(manager, this.log, () => this.#finishWhenAllEnded());
    this.#managers.set(manager, entry);
    if (this.isScanning) entry.start();
  }

  async remove(manager: HardwareManager): Promise<void> {
    const entry = this.#managers.get(manager);
    this.#managers.delete(manager);
    await entry?.stop();
    if (this.isScanning) this.#finishWhenAllEnded();
  }

  managerFinished(manager: HardwareManager): void {
    this.#managers.get(manager)?.finished();
  }

  /**
   * Managers whose scan has ended look again, so that a new owner finds everything there is.
   *
   * @param ownOnly other servers are not asked to scan
   */
  start(owner: ScanOwner, ownOnly = false): void {
    this.#owners.add(owner);
    for (const entry of this.#managers.values()) if (!ownOnly || !entry.manager.isRemote) entry.start();
    this.#finishWhenAllEnded();
  }

  stop(owner: ScanOwner): void {
    if (!this.#owners.delete(owner)) return;
    this.onFinished([owner]);
    if (this.#owners.size === 0) void this.#stopManagers();
  }

  /** The owner is gone; nobody is told. */
  forget(owner: ScanOwner): void {
    if (this.#owners.delete(owner) && this.#owners.size === 0) void this.#stopManagers();
  }

  async close(): Promise<void> {
    this.#owners.clear();
    await this.#stopManagers();
  }

  async #stopManagers(): Promise<void> {
    await Promise.all([...this.#managers.values()].map((entry) => entry.stop()));
  }

  #finishWhenAllEnded(): void {
    if (this.#owners.size === 0 || [...this.#managers.values()].some(({ scanning }) => scanning)) return;
    const owners = [...this.#owners];
    this.#owners.clear();
    this.onFinished(owners);
  }
}
