import {
  type Advertisement,
  type Clock,
  type Discovery,
  definePlugin,
  type Endpoint,
  Events,
  endpointsOf,
  HARDWARE,
  type HardwareLink,
  type HardwareManager,
  type HardwareManagerEvents,
  LinkError,
  type LinkEvents,
  type LinkKind,
  type LinkSpecifier,
  PLUGIN_API,
  type Plugin,
  PROTOCOLS,
  type ProtocolDefinition,
  Type,
} from 'pulsegate/plugin';

/** Hardware and protocols of a test's own, for what simulated toys do not do: hang, refuse, come and go at any moment. */

/** A plugin that brings these protocols. */
export function protocolPlugin(...definitions: readonly ProtocolDefinition[]): Plugin {
  return definePlugin({
    name: 'test-protocols',
    kind: 'protocol',
    api: PLUGIN_API,
    description: 'Protocols of a test',
    config: Type.Object({}),
    create: ({ use }) => ({
      start() {
        for (const definition of definitions) use(PROTOCOLS).add(definition);
      },
      stop() {},
    }),
  });
}

export interface TestDeviceOptions {
  readonly name: string;
  /** Default: the name. */
  readonly address?: string;
  /** Default websocket. */
  readonly kind?: LinkKind;
  readonly messageGapMs?: number;
  readonly needsKeepalive?: boolean;
}

/** A device in the test's hands. What is set here counts for every connection to it. */
export class TestDevice implements Discovery {
  readonly advertisement: Advertisement;
  /** What the hardware took, in hex, oldest first. */
  readonly written: string[] = [];
  /** The same with the time at which each packet arrived. */
  readonly timeline: { readonly at: number; readonly hex: string }[] = [];
  readonly subscribed = new Set<Endpoint>();
  /** How long every write and read takes, ms. */
  latencyMs = 0;
  /** Which writes the hardware refuses. */
  refuses: (hex: string) => boolean = () => false;
  /** While set, nothing that is asked of the hardware ever ends. */
  hangs = false;
  refusesSubscriptions = false;
  unreachable = false;
  /** What a read answers. */
  readable: readonly number[] = [];
  /** Every link there was, oldest first. */
  readonly links: TestLink[] = [];

  constructor(
    readonly options: TestDeviceOptions,
    readonly clock: () => Clock,
  ) {
    const { name, address = name, kind = 'websocket' } = options;
    this.advertisement = { kind, name, address };
  }

  get link(): TestLink | undefined {
    const last = this.links.at(-1);
    return last?.isOpen ? last : undefined;
  }

  async connect(specifier: LinkSpecifier): Promise<HardwareLink> {
    if (this.unreachable) throw new LinkError(`${this.options.name} does not answer`);
    const link = new TestLink(this, endpointsOf(specifier));
    this.links.push(link);
    return link;
  }

  /** The link breaks. */
  drop(reason = 'out of reach'): void {
    this.link?.lose(reason);
  }

  /** What was written since the last call. */
  take(): string[] {
    return this.written.splice(0);
  }
}

export class TestLink implements HardwareLink {
  readonly name: string;
  readonly address: string;
  readonly kind: LinkKind;
  readonly messageGapMs: number;
  readonly needsKeepalive: boolean;
  readonly #events = new Events<LinkEvents>((error) => {
    throw error;
  });
  readonly #lost = new AbortController();

  constructor(
    private readonly device: TestDevice,
    readonly endpoints: ReadonlySet<Endpoint>,
  ) {
    const { advertisement, options } = device;
    this.name = advertisement.name;
    this.address = advertisement.address;
    this.kind = advertisement.kind;
    this.messageGapMs = options.messageGapMs ?? 0;
    this.needsKeepalive = options.needsKeepalive ?? false;
  }

  get isOpen(): boolean {
    return !this.#lost.signal.aborted;
  }

  on<K extends keyof LinkEvents>(event: K, listener: (...args: LinkEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  async write(_endpoint: Endpoint, data: Uint8Array): Promise<void> {
    await this.#pass();
    const hex = Buffer.from(data).toString('hex');
    if (this.device.refuses(hex)) throw new LinkError(`${this.name} did not take ${hex}`);
    this.device.written.push(hex);
    this.device.timeline.push({ at: this.device.clock().now(), hex });
  }

  async read(): Promise<Uint8Array> {
    await this.#pass();
    return Uint8Array.from(this.device.readable);
  }

  async subscribe(endpoint: Endpoint): Promise<void> {
    await this.#pass();
    if (this.device.refusesSubscriptions) throw new LinkError(`${this.name} does not report`);
    this.device.subscribed.add(endpoint);
  }

  async unsubscribe(endpoint: Endpoint): Promise<void> {
    await this.#pass();
    this.device.subscribed.delete(endpoint);
  }

  async disconnect(): Promise<void> {
    this.lose('disconnected on request');
  }

  /** The device sends something. */
  notify(endpoint: Endpoint, ...data: readonly number[]): void {
    this.#events.emit('notification', endpoint, Uint8Array.from(data));
  }

  lose(reason: string): void {
    if (!this.isOpen) return;
    this.#lost.abort(new LinkError(`${this.name} is gone: ${reason}`));
    this.#events.emit('disconnected', reason);
  }

  /** Says once more that it is gone, as some stacks do long afterwards. */
  repeatGoodbye(): void {
    this.#events.emit('disconnected', 'said twice');
  }

  async #pass(): Promise<void> {
    const { signal } = this.#lost;
    signal.throwIfAborted();
    const { hangs, latencyMs, clock } = this.device;
    if (hangs) {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    }
    if (latencyMs > 0) await clock().sleep(latencyMs, signal);
  }
}

export interface TestHardwareOptions {
  /** Default: test-hardware. */
  readonly name?: string;
  readonly startScanning?: () => Promise<void>;
  readonly stopScanning?: () => Promise<void>;
}

/** A hardware plugin and its manager in one. */
export class TestHardware implements HardwareManager {
  readonly name: string;
  readonly plugin: Plugin;
  /** What the gateway asked of the scan, oldest first. */
  readonly scans: ('start' | 'stop')[] = [];
  readonly #events = new Events<HardwareManagerEvents>((error) => {
    throw error;
  });
  #clock: Clock | undefined;
  #fail: ((error: unknown) => void) | undefined;

  constructor(private readonly options: TestHardwareOptions = {}) {
    const manager = this;
    this.name = options.name ?? 'test-hardware';
    this.plugin = definePlugin({
      name: this.name,
      kind: 'hardware',
      api: PLUGIN_API,
      description: 'Hardware of a test',
      config: Type.Object({}),
      create: ({ use, clock, fail }) => ({
        start() {
          manager.#clock = clock;
          manager.#fail = fail;
          use(HARDWARE).attach(manager);
        },
        stop() {},
      }),
    });
  }

  on<K extends keyof HardwareManagerEvents>(
    event: K,
    listener: (...args: HardwareManagerEvents[K]) => void,
  ): Disposable {
    return this.#events.on(event, listener);
  }

  listenerCount(event: keyof HardwareManagerEvents): number {
    return this.#events.listenerCount(event);
  }

  async startScanning(): Promise<void> {
    this.scans.push('start');
    await this.options.startScanning?.();
  }

  async stopScanning(): Promise<void> {
    this.scans.push('stop');
    await this.options.stopScanning?.();
  }

  device(options: TestDeviceOptions): TestDevice {
    return new TestDevice(options, () => {
      if (!this.#clock) throw new Error(`${this.name} has not been started`);
      return this.#clock;
    });
  }

  /** The device advertises itself. */
  show(...devices: readonly Discovery[]): void {
    for (const device of devices) this.#events.emit('discovered', device);
  }

  finishScan(): void {
    this.#events.emit('scanFinished');
  }

  /** The plugin fails at run time. */
  fail(reason: string): void {
    this.#fail?.(new Error(reason));
  }
}
