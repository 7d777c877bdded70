import {
  type Clock,
  type Discovery,
  describeError,
  Events,
  type HardwareLink,
  type HardwareManager,
  type HardwareManagerEvents,
  LinkError,
  type Logger,
  type Timer,
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
  readonly #events: Events<HardwareManagerEvents>;
  #dongle: Dongle | undefined;
  #link: DongleLink | undefined;
  #timer: Timer | undefined;
  #opening: Promise<void> | undefined;
  #isScanning = false;
  #isClosed = false;
  #said: string | undefined;

  constructor(private readonly options: DongleManagerOptions) {
    this.#events = new Events(this.#onListenerError);
  }

  on<K extends keyof HardwareManagerEvents>(
    event: K,
    listener: (...args: HardwareManagerEvents[K]) => void,
  ): Disposable {
    return this.#events.on(event, listener);
  }

  /** Resolves when it has been looked once for a dongle. */
  start(): Promise<void> {
    return this.#look();
  }

  async startScanning(): Promise<void> {
    this.#isScanning = true;
    await this.#look();
    if (!this.#dongle) return this.#scanEnded();
    // A toy that somebody disconnected here is still connected there.
    const { toy } = this.#dongle;
    if (toy !== undefined && !this.#link) this.#show(this.#dongle, toy);
    this.#dongle.search();
  }

  async stopScanning(): Promise<void> {
    this.#isScanning = false;
    this.#dongle?.stopSearch();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#opening;
    await this.#dongle?.close();
  }

  #look(): Promise<void> {
    if (this.#dongle) return Promise.resolve();
    this.#timer?.cancel();
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
      if (!this.#dongle && !this.#isClosed) {
        this.#timer = this.options.clock.after(this.options.rescanMs, () => void this.#look());
      }
    });
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { open, clock, log } = this.options;
    try {
      const port = await open();
      if (!port) return this.#say('no Lovense dongle is plugged in');
      if (this.#isClosed) return await port.close();
      log.info(`${port.name} is plugged in`);
      this.#said = undefined;
      const dongle = new Dongle(port, clock, log);
      this.#dongle = dongle;
      dongle.on('toy', (id) => this.#show(dongle, id));
      dongle.on('searchEnded', () => this.#scanEnded());
      dongle.on('gone', (reason) => this.#lost(port.name, reason));
      await dongle.start();
    } catch (error) {
      this.#say(`the Lovense dongle cannot be used: ${describeError(error)}`);
    }
  }

  #say(sentence: string): void {
    if (sentence !== this.#said) this.options.log.warn(sentence);
    this.#said = sentence;
  }

  #lost(name: string, reason: string): void {
    this.#dongle = undefined;
    if (this.#isClosed) return;
    this.#say(`${name} is gone: ${reason}`);
    void this.#look();
  }

  #scanEnded(): void {
    if (!this.#isScanning) return;
    this.#isScanning = false;
    this.#events.emit('scanFinished');
  }

  #show(dongle: Dongle, address: string): void {
    const discovery: Discovery = {
      advertisement: { kind: 'bluetooth', name: ADVERTISED_NAME, address },
      connect: async () => this.#connect(dongle, address),
    };
    this.#events.emit('discovered', discovery);
  }

  #connect(dongle: Dongle, address: string): HardwareLink {
    if (dongle.toy !== address) throw new LinkError('The toy is not connected to the dongle any more');
    const link = new DongleLink(address, dongle, this.options.clock, this.#onListenerError);
    this.#link = link;
    link.on('disconnected', () => {
      this.#link = undefined;
    });
    return link;
  }

  readonly #onListenerError = (error: unknown, event: string) =>
    this.options.log.error({ err: error, event }, 'a listener failed');
}
