import {
  type Clock,
  describeError,
  type HardwareLink,
  type HardwareManager,
  LinkError,
  type Logger,
  Lookout,
  ManagerState,
} from 'pulsegate/plugin';
import { Dongle } from './dongle.js';
import { DongleLink } from './link.js';
import type { DonglePort } from './port.js';

export interface DongleManagerOptions {
  /** Undefined: there is no dongle. */
  readonly open: () => Promise<DonglePort | undefined>;
  readonly rescanMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How long a toy that has dropped out is searched for, each time it is tried, ms. */
const FIND_MS = 5_000;
/** The name that selects the protocol, though the dongle does not tell what its toy advertises. */
const ADVERTISED_NAME = 'LVS-DongleDevice';

/** A dongle that may be plugged in and pulled out at any time, and the toy it has connected. */
export class DongleManager implements HardwareManager {
  readonly name = 'lovense-dongle';
  readonly on: HardwareManager['on'];
  readonly #state: ManagerState<DongleLink>;
  readonly #lookout: Lookout;
  #dongle: Dongle | undefined;
  #isScanning = false;

  constructor(private readonly options: DongleManagerOptions) {
    this.#state = new ManagerState(options.log);
    this.on = this.#state.on;
    this.#lookout = new Lookout(options.clock, options.rescanMs, () => this.#open());
  }

  /** Resolves when it has been looked once for a dongle. */
  start(): Promise<void> {
    return this.#lookout.now();
  }

  async startScanning(): Promise<void> {
    this.#isScanning = true;
    if (!this.#dongle) await this.#lookout.now();
    if (!this.#dongle) return this.#scanEnded();
    // A toy that somebody disconnected here is still connected there.
    const { toy } = this.#dongle;
    if (toy !== undefined && this.#state.links.length === 0) this.#show(toy);
    this.#dongle.search();
  }

  async stopScanning(): Promise<void> {
    this.#isScanning = false;
    this.#dongle?.stopSearch();
  }

  async close(): Promise<void> {
    await this.#lookout.close();
    await this.#dongle?.close();
  }

  async #open(): Promise<void> {
    if (this.#dongle) return;
    const { open, clock, log } = this.options;
    try {
      const port = await open();
      if (!port) return this.#state.complain('no Lovense dongle is plugged in');
      if (this.#lookout.isClosed) return await port.close();
      log.info(`${port.name} is plugged in`);
      this.#state.isFine();
      const dongle = new Dongle(port, clock, log);
      this.#dongle = dongle;
      dongle.on('toy', (id) => this.#show(id));
      dongle.on('searchEnded', () => this.#scanEnded());
      dongle.on('gone', (reason) => this.#lost(port.name, reason));
      await dongle.start();
    } catch (error) {
      this.#state.complain(`the Lovense dongle cannot be used: ${describeError(error)}`);
    }
  }

  #lost(name: string, reason: string): void {
    this.#dongle = undefined;
    if (this.#lookout.isClosed) return;
    this.#state.complain(`${name} is gone: ${reason}`);
    void this.#lookout.now();
  }

  #scanEnded(): void {
    if (!this.#isScanning) return;
    this.#isScanning = false;
    this.#state.scanFinished();
  }

  #show(address: string): void {
    this.#state.discovered({
      advertisement: { kind: 'bluetooth', name: ADVERTISED_NAME, address },
      connect: (_specifier, signal) => this.#connect(address, signal),
    });
  }

  async #connect(address: string, signal: AbortSignal): Promise<HardwareLink> {
    const dongle = this.#dongle;
    if (!dongle) throw new LinkError('The dongle of the toy is not plugged in');
    if (dongle.toy === undefined) await this.#find(dongle, signal);
    if (dongle.toy !== address) throw new LinkError('The toy is not connected to the dongle');
    const { clock, log } = this.options;
    return this.#state.keep(new DongleLink(address, dongle, clock, log));
  }

  /** Resolves when the dongle has a toy, or has found none for a while. */
  async #find(dongle: Dongle, signal: AbortSignal): Promise<void> {
    const found = Promise.withResolvers<void>();
    const subscription = dongle.on('searchEnded', found.resolve);
    dongle.search();
    const patience = new AbortController();
    const late = this.options.clock.sleep(FIND_MS, AbortSignal.any([signal, patience.signal])).catch(() => {});
    await Promise.race([found.promise, late]);
    patience.abort();
    subscription[Symbol.dispose]();
    if (dongle.toy === undefined && !this.#isScanning) dongle.stopSearch();
  }
}
