import {
  type Clock,
  type HardwareLink,
  type HardwareManager,
  LinkError,
  type LinkSpecifier,
  type Logger,
  Lookout,
  ManagerState,
  type OpenSerialPort,
  type ProtocolRegistry,
} from 'pulsegate/plugin';
import type { SerialConfig } from './config.js';
import { type FoundPort, findPort } from './found-port.js';
import { SerialLink } from './link.js';
import { type WantedPort, wantedPorts } from './wanted-ports.js';

export interface SerialManagerOptions {
  readonly config: SerialConfig;
  /** Those whose links name ports are looked for, too. */
  readonly protocols: Pick<ProtocolRegistry, 'definitions'>;
  readonly open: OpenSerialPort;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Looks for the ports that somebody has named, during a scan and outside one: nobody scans for what is plugged in. */
export class SerialManager implements HardwareManager {
  readonly name = 'serial';
  readonly on: HardwareManager['on'];
  readonly #state: ManagerState<SerialLink>;
  readonly #lookout: Lookout;
  /** What has been shown, by its path, as it was then. */
  readonly #shown = new Map<string, string>();
  /** Entries whose ports are open or being opened, by the real names of these: no port is ever opened twice. */
  readonly #inUse = new Map<string, WantedPort>();

  constructor(private readonly options: SerialManagerOptions) {
    this.#state = new ManagerState(options.log);
    this.on = this.#state.on;
    this.#lookout = new Lookout(options.clock, options.config.rescan, () => this.#look());
  }

  /** Resolves when every port has been looked for once. */
  start(): Promise<void> {
    return this.#lookout.now();
  }

  async startScanning(): Promise<void> {
    this.#shown.clear();
    await this.#lookout.now();
    this.#state.scanFinished();
  }

  async stopScanning(): Promise<void> {}

  async close(): Promise<void> {
    await this.#lookout.close();
    await this.#state.disconnectAll();
  }

  /** Shows each port that is there and was not, and lets go of those that are not there any more. */
  async #look(): Promise<void> {
    const { config, protocols } = this.options;
    const wanted = wantedPorts(config, protocols);
    // What is opened meanwhile has been looked at by whoever opened it.
    const { links } = this.#state;
    const found = new Map<string, FoundPort | undefined>();
    for (const { path } of wanted) if (!found.has(path)) found.set(path, await findPort(path));
    for (const link of links) {
      if (found.get(link.address)?.real !== link.realPath) void link.lose('it was pulled out');
    }
    const taken = new Map(this.#inUse);
    for (const port of wanted) {
      const there = found.get(port.path);
      if (!there) this.#shown.delete(port.path);
      else if (this.#isUsable(port, there, taken.get(there.real))) {
        taken.set(there.real, port);
        this.#show(port, there);
      }
    }
  }

  /** Says of a port why it is not, once. */
  #isUsable({ path, source }: WantedPort, { isSerial }: FoundPort, other: WantedPort | undefined): boolean {
    if (isSerial === false) this.#state.complain(`${path} is no serial port, which ${source} takes it for`, source);
    else if (other && other.source !== source) {
      this.#state.complain(`${source} is left out: ${path} is the same port as ${other.source}`, source);
    } else {
      this.#state.isFine(source);
      return true;
    }
    return false;
  }

  #show(port: WantedPort, { state }: FoundPort): void {
    const { path, protocol } = port;
    if (this.#shown.get(path) === state) return;
    this.#shown.set(path, state);
    this.#state.discovered({
      advertisement: { kind: 'serial', name: path, address: path, ...(protocol !== undefined && { protocol }) },
      connect: (specifier, signal) => this.#connect(port, specifier, signal),
    });
  }

  async #connect(port: WantedPort, specifier: LinkSpecifier, signal: AbortSignal): Promise<HardwareLink> {
    const { path, baudRateKey } = port;
    if (specifier.kind !== 'serial') throw new LinkError(`${path} is a serial port, and nothing else`);
    const found = await findPort(path);
    if (!found) throw new LinkError(`there is no port ${path}`);
    if (this.#inUse.has(found.real)) throw new LinkError(`${path} is in use, or still being opened`);
    this.#inUse.set(found.real, port);
    const { open, clock, log } = this.options;
    const baudRate = port.baudRate ?? specifier.baudRate;
    const opened = await open({ path, baudRate, baudRateKey }).catch((error: unknown) => {
      this.#inUse.delete(found.real);
      throw error;
    });
    const link = this.#state.keep(new SerialLink({ address: path, realPath: found.real, port: opened, clock, log }));
    void link.closed.then(() => {
      this.#inUse.delete(found.real);
      // Seen again, it is shown again.
      this.#shown.delete(path);
    });
    if (signal.aborted) await link.disconnect();
    return link;
  }
}
