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
    if (toy !== undefined && this.#state.links.length === 0) this.#show(this.#dongle, toy);
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
      dongle.on('toy', (id) => this.#show(dongle, id));
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

  #show(dongle: Dongle, address: string): void {
    this.#state.discovered({
      advertisement: { kind: 'bluetooth', name: ADVERTISED_NAME, address },
      connect: async () => this.#connect(dongle, address),
    });
  }

  #connect(dongle: Dongle, address: string): HardwareLink {
    if (dongle.toy !== address) throw new LinkError('The toy is not connected to the dongle any more');
    const { clock, log } = this.options;
    return this.#state.keep(new DongleLink(address, dongle, clock, log));
  }
}
