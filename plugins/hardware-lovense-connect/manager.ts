import {
  type Clock,
  type Discovery,
  describeError,
  Events,
  type HardwareLink,
  type HardwareManager,
  type HardwareManagerEvents,
  type Logger,
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
  readonly #events: Events<HardwareManagerEvents>;
  readonly #app: LovenseApp;
  /** Links by the host they go through; as long as a host has any, it is asked how they are. */
  readonly #links = new Map<string, Set<AppLink>>();
  readonly #polls = new Map<string, Timer>();
  #hosts: readonly string[];
  #scan: Timer | undefined;
  #isScanning = false;
  #isClosed = false;
  #said: string | undefined;

  constructor(private readonly options: LovenseConnectOptions) {
    this.#events = new Events(this.#onListenerError);
    this.#app = new LovenseApp(options.clock, options.config.timeout);
    this.#hosts = options.config.hosts;
  }

  on<K extends keyof HardwareManagerEvents>(
    event: K,
    listener: (...args: HardwareManagerEvents[K]) => void,
  ): Disposable {
    return this.#events.on(event, listener);
  }

  async startScanning(): Promise<void> {
    if (this.#isScanning) return;
    this.#isScanning = true;
    void this.#look();
  }

  async stopScanning(): Promise<void> {
    this.#isScanning = false;
    this.#scan?.cancel();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.stopScanning();
    for (const timer of this.#polls.values()) timer.cancel();
    for (const links of [...this.#links.values()]) {
      for (const link of [...links]) link.lose('the gateway has stopped using the app');
    }
  }

  async #look(): Promise<void> {
    const { clock, config } = this.options;
    if (this.#hosts.length === 0) await this.#findHosts();
    await Promise.all(this.#hosts.map((host) => this.#show(host)));
    if (this.#isScanning) this.#scan = clock.after(config.rescan, () => void this.#look());
  }

  async #findHosts(): Promise<void> {
    const { directory } = this.options.config;
    if (directory === '') return;
    try {
      this.#hosts = await this.#app.hosts(directory);
      if (this.#hosts.length === 0) this.#say('no phone in this network has told that it has the Lovense Connect app');
    } catch (error) {
      this.#say(`phones with the Lovense Connect app cannot be looked up: ${describeError(error)}`);
    }
  }

  async #show(host: string): Promise<void> {
    try {
      for (const toy of await this.#app.toys(host)) {
        if (toy.isConnected) this.#events.emit('discovered', this.#discovery(host, toy));
      }
      this.#said = undefined;
    } catch (error) {
      this.#say(`the Lovense Connect app does not answer: ${describeError(error)}`);
      // Named ones stay; of the others it is asked anew.
      if (this.options.config.hosts.length === 0) this.#hosts = this.#hosts.filter((other) => other !== host);
    }
  }

  #say(sentence: string): void {
    if (sentence !== this.#said) this.options.log.warn(sentence);
    this.#said = sentence;
  }

  #discovery(host: string, toy: AppToy): Discovery {
    return {
      advertisement: { kind: 'lovense-connect', name: toy.name, address: toy.id },
      connect: async () => this.#connect(host, toy),
    };
  }

  #connect(host: string, toy: AppToy): HardwareLink {
    const link = new AppLink(toy, host, this.#app, this.#onListenerError);
    const links = this.#links.get(host) ?? new Set();
    this.#links.set(host, links);
    links.add(link);
    link.on('disconnected', () => {
      links.delete(link);
      if (links.size === 0) this.#links.delete(host);
    });
    if (!this.#polls.has(host)) this.#pollLater(host);
    return link;
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
      for (const link of [...(this.#links.get(host) ?? [])]) link.told(toys.find(({ id }) => id === link.address));
    } catch (error) {
      for (const link of [...(this.#links.get(host) ?? [])]) link.lose(describeError(error));
    }
    this.#polls.delete(host);
    if (this.#links.has(host) && !this.#isClosed) this.#pollLater(host);
  }

  readonly #onListenerError = (error: unknown, event: string) =>
    this.options.log.error({ err: error, event }, 'a listener failed');
}
