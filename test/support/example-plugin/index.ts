import { appendFileSync } from 'node:fs';
import {
  type Advertisement,
  type Clock,
  type Discovery,
  definePlugin,
  Events,
  endpointsOf,
  HARDWARE,
  type HardwareLink,
  type HardwareManager,
  type HardwareManagerEvents,
  LinkError,
  type LinkEvents,
  type LinkSpecifier,
  PLUGIN_API,
  Type,
} from 'pulsegate/plugin';

/**
 * An example of a third-party plugin: hardware that only exists as a file, one line of JSON per thing that happened to it.
 *
 *     plugins:
 *       packet-recorder:
 *         from: ./packet-recorder        # the folder this file is in
 *         file: /tmp/packets.jsonl
 *         device: Lovense Edge           # any Bluetooth name some protocol claims
 *
 * Node runs TypeScript as it is, as long as the types can simply be erased.
 */

const config = Type.Object(
  {
    file: Type.String({ minLength: 1, description: 'Absolute path of the file that every packet is written to.' }),
    device: Type.String({ default: 'Pulsegate Testbed', description: 'Bluetooth name that the hardware advertises.' }),
    latency: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 60_000,
      description: 'How long a write takes, in milliseconds, 0 to 60000.',
    }),
  },
  { additionalProperties: false },
);

/** One line of the file. */
export type RecordedEvent =
  | { readonly time: number; readonly what: 'connected' | 'disconnected' }
  | { readonly time: number; readonly what: 'write'; readonly endpoint: string; readonly hex: string };

interface Surroundings {
  readonly record: (event: RecordedEvent) => void;
  readonly latency: number;
  readonly clock: Clock;
  readonly onListenerError: (error: unknown, event: string) => void;
}

class RecordingLink implements HardwareLink {
  readonly name: string;
  readonly address: string;
  readonly kind = 'bluetooth';
  readonly messageGapMs = 75;
  readonly needsKeepalive = false;
  readonly endpoints: ReadonlySet<string>;
  readonly #surroundings: Surroundings;
  readonly #events: Events<LinkEvents>;
  #open = true;

  constructor({ name, address }: Advertisement, specifier: LinkSpecifier, surroundings: Surroundings) {
    this.name = name;
    this.address = address;
    this.endpoints = endpointsOf(specifier);
    this.#surroundings = surroundings;
    this.#events = new Events(surroundings.onListenerError);
  }

  on<K extends keyof LinkEvents>(event: K, listener: (...args: LinkEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  async write(endpoint: string, data: Uint8Array): Promise<void> {
    this.#assertOpen();
    const { record, latency, clock } = this.#surroundings;
    if (latency > 0) await clock.sleep(latency);
    this.#assertOpen();
    record({ time: Date.now(), what: 'write', endpoint, hex: Buffer.from(data).toString('hex') });
  }

  async read(endpoint: string): Promise<Uint8Array> {
    this.#assertOpen();
    throw new LinkError(`${this.name} has nothing to read on ${endpoint}`);
  }

  async subscribe(): Promise<void> {
    this.#assertOpen();
  }

  async unsubscribe(): Promise<void> {
    this.#assertOpen();
  }

  async disconnect(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#surroundings.record({ time: Date.now(), what: 'disconnected' });
    this.#events.emit('disconnected', 'on request');
  }

  #assertOpen(): void {
    if (!this.#open) throw new LinkError(`${this.name} is not connected any more`);
  }
}

/** Finds the one device there is, again and again. */
class RecordingManager implements HardwareManager {
  readonly name = 'packet-recorder';
  readonly #events: Events<HardwareManagerEvents>;
  readonly #discovery: Discovery;

  constructor(device: string, surroundings: Surroundings) {
    this.#events = new Events(surroundings.onListenerError);
    const advertisement: Advertisement = { kind: 'bluetooth', name: device, address: `recorded:${device}` };
    this.#discovery = {
      advertisement,
      async connect(specifier) {
        const link = new RecordingLink(advertisement, specifier, surroundings);
        surroundings.record({ time: Date.now(), what: 'connected' });
        return link;
      },
    };
  }

  on<K extends keyof HardwareManagerEvents>(
    event: K,
    listener: (...args: HardwareManagerEvents[K]) => void,
  ): Disposable {
    return this.#events.on(event, listener);
  }

  async startScanning(): Promise<void> {
    this.discover();
    this.#events.emit('scanFinished');
  }

  async stopScanning(): Promise<void> {}

  discover(): void {
    this.#events.emit('discovered', this.#discovery);
  }
}

export default definePlugin({
  name: 'packet-recorder',
  kind: 'hardware',
  api: PLUGIN_API,
  description: 'Hardware that writes down what it is told',
  config,
  create({ config: { file, device, latency }, clock, log, use }) {
    const manager = new RecordingManager(device, {
      latency,
      clock,
      record: (event) => appendFileSync(file, `${JSON.stringify(event)}\n`),
      onListenerError: (error, event) => log.error({ err: error, event }, 'a listener failed'),
    });
    let attachment: AsyncDisposable | undefined;
    return {
      start() {
        attachment = use(HARDWARE).attach(manager);
        manager.discover();
      },
      async stop() {
        await attachment?.[Symbol.asyncDispose]();
      },
    };
  },
});
