import {
  type Clock,
  type Discovery,
  describeError,
  type HardwareLink,
  type HardwareManager,
  LinkError,
  type Logger,
  Lookout,
  ManagerState,
  type Timer,
} from 'pulsegate/plugin';
import { type AppToy, LovenseApp } from './app.js';
import type { LovenseConnectConfig } from './config.js';
import { AppLink } from './link.js';

export interface LovenseConnectOptions {
  readonly config: LovenseConnectConfig;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Apps that are asked more often have been seen to crash, ms. */
const POLL_MS = 1_000;

/** Toys behind the apps on phones in this network. */
export class LovenseConnectManager implements HardwareManager {
  readonly name = 'lovense-connect';
  readonly on: HardwareManager['on'];
  readonly #state: ManagerState<AppLink>;
  readonly #app: LovenseApp;
  /** As long as a host has links, it is asked how they are. */
  readonly #polls = new Map<string, Timer>();
  readonly #lookout: Lookout;
  #hosts: readonly string[];

  constructor(private readonly options: LovenseConnectOptions) {
    this.#state = new ManagerState(options.log);
    this.on = this.#state.on;
    const { clock, config } = options;
    this.#app = new LovenseApp(clock, config.timeout);
    this.#lookout = new Lookout(clock, config.rescan, () => this.#look());
    this.#hosts = config.hosts;
  }

  async startScanning(): Promise<void> {
    void this.#lookout.now();
  }

  async stopScanning(): Promise<void> {
    this.#lookout.rest();
  }

  async close(): Promise<void> {
    // An answer that somebody waits for may take its time.
    void this.#lookout.close();
    for (const timer of this.#polls.values()) timer.cancel();
    for (const link of this.#state.links) link.lose('the gateway has stopped using the app');
  }

  async #look(): Promise<void> {
    if (this.#hosts.length === 0) await this.#findHosts();
    await Promise.all(this.#hosts.map((host) => this.#show(host)));
  }

  async #findHosts(): Promise<void> {
    const { directory } = this.options.config;
    if (directory === '') return;
    try {
      this.#hosts = await this.#app.hosts(directory);
      if (this.#hosts.length > 0) this.#state.isFine();
      else this.#state.complain('no phone in this network has told that it has the Lovense Connect app');
    } catch (error) {
      this.#state.complain(`phones with the Lovense Connect app cannot be looked up: ${describeError(error)}`);
    }
  }

  async #show(host: string): Promise<void> {
    try {
      for (const toy of await this.#app.toys(host)) {
        if (toy.isConnected) this.#state.discovered(this.#discovery(host, toy));
      }
      this.#state.isFine(host);
    } catch (error) {
      this.#state.complain(`the Lovense Connect app does not answer: ${describeError(error)}`, host);
      // Named ones stay; of the others it is asked anew.
      if (this.options.config.hosts.length === 0) this.#hosts = this.#hosts.filter((other) => other !== host);
    }
  }

  #discovery(host: string, toy: AppToy): Discovery {
    const { clock } = this.options;
    const seenAt = clock.now();
    return {
      advertisement: { kind: 'lovense-connect', name: toy.name, address: toy.id },
      connect: async () => {
        // Later on, nothing but the app knows whether it is there.
        const isFresh = clock.now() - seenAt < POLL_MS;
        return this.#connect(host, isFresh ? toy : await this.#connectedToy(host, toy));
      },
    };
  }

  async #connectedToy(host: string, { id, name }: AppToy): Promise<AppToy> {
    const toy = (await this.#app.toys(host)).find((other) => other.id === id);
    if (!toy?.isConnected) throw new LinkError(`${name} is not connected to the app`);
    return toy;
  }

  #connect(host: string, toy: AppToy): HardwareLink {
    if (!this.#polls.has(host)) this.#pollLater(host);
    return this.#state.keep(new AppLink(toy, host, this.#app, this.options.log));
  }

  #linksOf(host: string): readonly AppLink[] {
    return this.#state.links.filter((link) => link.host === host);
  }

  #pollLater(host: string): void {
    this.#polls.set(
      host,
      this.options.clock.after(POLL_MS, () => void this.#poll(host)),
    );
  }

  /** One question for all toys of a phone. */
  async #poll(host: string): Promise<void> {
    try {
      const toys = await this.#app.toys(host);
      for (const link of this.#linksOf(host)) link.told(toys.find(({ id }) => id === link.address));
    } catch (error) {
      for (const link of this.#linksOf(host)) link.lose(describeError(error));
    }
    this.#polls.delete(host);
    if (this.#linksOf(host).length > 0 && !this.#lookout.isClosed) this.#pollLater(host);
  }
}
