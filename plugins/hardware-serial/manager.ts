import { access } from 'node:fs/promises';
import {
  type Clock,
  type Discovery,
  Events,
  type HardwareLink,
  type HardwareManager,
  type HardwareManagerEvents,
  LinkError,
  type LinkSpecifier,
  type Logger,
  type ProtocolRegistry,
  type Timer,
} from 'pulsegate/plugin';
import type { SerialConfig, SerialPortConfig } from './config.js';
import { type OpenPort, SerialLink } from './link.js';

export interface SerialManagerOptions {
  readonly config: SerialConfig;
  /** Those whose links name ports are looked for, too. */
  readonly protocols: Pick<ProtocolRegistry, 'definitions'>;
  readonly open: (path: string, baudRate: number) => Promise<OpenPort>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The port of definitions that fit any port: somebody has to say which. */
const ANY_PORT = 'default';

/** Without a protocol, the links of definitions say what fits it. */
type WantedPort = Pick<SerialPortConfig, 'path' | 'baudRate'> & { readonly protocol?: string };

/** Looks for the ports that somebody has named, during a scan and outside one: nobody scans for what is plugged in. */
export class SerialManager implements HardwareManager {
  readonly name = 'serial';
  readonly #events: Events<HardwareManagerEvents>;
  readonly #links = new Set<SerialLink>();
  readonly #present = new Set<string>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(private readonly options: SerialManagerOptions) {
    this.#events = new Events(this.#onListenerError);
  }

  on<K extends keyof HardwareManagerEvents>(
    event: K,
    listener: (...args: HardwareManagerEvents[K]) => void,
  ): Disposable {
    return this.#events.on(event, listener);
  }

  /** Resolves when every port has been looked for once. */
  async start(): Promise<void> {
    await this.#look();
  }

  async startScanning(): Promise<void> {
    this.#present.clear();
    await this.#look();
    this.#events.emit('scanFinished');
  }

  async stopScanning(): Promise<void> {}

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await Promise.all([...this.#links].map((link) => link.disconnect()));
  }

  /** Shows each port that is there and was not. */
  async #look(): Promise<void> {
    const { clock, config } = this.options;
    this.#timer?.cancel();
    for (const port of this.#wanted()) {
      const isThere = await access(port.path).then(
        () => true,
        // Windows keeps its ports out of the file system: whether one is there, opening it tells.
        () => /^(\\\\\.\\)?COM\d+$/i.test(port.path),
      );
      if (!isThere) this.#present.delete(port.path);
      else if (!this.#present.has(port.path)) {
        this.#present.add(port.path);
        this.#events.emit('discovered', this.#discovery(port));
      }
    }
    if (!this.#isClosed) this.#timer = clock.after(config.rescan, () => void this.#look());
  }

  /** Ports of the configuration, and those that links of definitions name. */
  #wanted(): readonly WantedPort[] {
    const named = this.options.protocols.definitions.flatMap(({ links }) =>
      links.flatMap((link) => (link.kind === 'serial' && link.port !== ANY_PORT ? [{ path: link.port }] : [])),
    );
    return [...this.options.config.ports, ...named];
  }

  #discovery({ path, protocol, baudRate }: WantedPort): Discovery {
    return {
      advertisement: { kind: 'serial', name: path, address: path, ...(protocol !== undefined && { protocol }) },
      connect: (specifier, signal) => this.#connect(path, baudRate, specifier, signal),
    };
  }

  async #connect(
    path: string,
    baudRate: number | undefined,
    specifier: LinkSpecifier,
    signal: AbortSignal,
  ): Promise<HardwareLink> {
    if (specifier.kind !== 'serial') throw new LinkError(`${path} is a serial port, and nothing else`);
    const port = await this.options.open(path, baudRate ?? specifier.baudRate);
    const link = new SerialLink(path, port, this.#onListenerError);
    this.#links.add(link);
    link.on('disconnected', (reason) => {
      this.#links.delete(link);
      this.options.log.debug({ port: path }, `closed: ${reason}`);
      // Seen again, it is shown again.
      this.#present.delete(path);
    });
    if (signal.aborted) await link.disconnect();
    return link;
  }

  readonly #onListenerError = (error: unknown, event: string) =>
    this.options.log.error({ err: error, event }, 'a listener failed');
}
