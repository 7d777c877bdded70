import {
  type Endpoint,
  Events,
  type HardwareLink,
  LinkError,
  type LinkEvents,
  type LinkKind,
  type ModelDefinition,
} from 'pulsegate/plugin';
import { decodeOrder, ORDERS } from './order.js';
import type { RemoteSession } from './session/session.js';
import type { RemoteDevice, RemoteInput, RemoteReading } from './speech/dialect.js';

type Report = (value: number) => void;

/** A device of a remote, as hardware of this gateway. */
export class RemoteLink implements HardwareLink {
  readonly name: string;
  readonly kind: LinkKind = 'remote';
  readonly endpoints: ReadonlySet<Endpoint> = new Set([ORDERS]);
  /** The remote keeps the gap. */
  readonly messageGapMs = 0;
  readonly needsKeepalive = false;
  readonly #events: Events<LinkEvents>;
  readonly #reports = new Map<string, Report>();
  #lost: LinkError | undefined;

  constructor(
    readonly device: RemoteDevice,
    readonly address: string,
    readonly model: ModelDefinition,
    private readonly session: RemoteSession,
    onListenerError: (error: unknown, event: string) => void,
  ) {
    this.name = device.name;
    this.#events = new Events(onListenerError);
  }

  on<K extends keyof LinkEvents>(event: K, listener: (...args: LinkEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  /** Resolves at once: how much is on its way is up to the session, and a stop must not wait for anything. */
  async write(endpoint: Endpoint, data: Uint8Array): Promise<void> {
    this.#assertOpen(endpoint);
    this.session.output(this.device, decodeOrder(data));
  }

  async read(endpoint: Endpoint): Promise<Uint8Array> {
    this.#assertOpen(endpoint);
    throw new LinkError(`${this.name} has nothing to read on ${endpoint}`);
  }

  async subscribe(endpoint: Endpoint): Promise<void> {
    this.#assertOpen(endpoint);
  }

  async unsubscribe(endpoint: Endpoint): Promise<void> {
    this.#assertOpen(endpoint);
  }

  async disconnect(): Promise<void> {
    this.lose('disconnected on request');
  }

  readInput(input: RemoteInput): Promise<number> {
    return this.session.read(this.device, input);
  }

  async subscribeInput(input: RemoteInput, report: Report): Promise<void> {
    this.#reports.set(keyOf(input), report);
    try {
      await this.session.listen(this.device, input, 'Subscribe');
    } catch (error) {
      this.#reports.delete(keyOf(input));
      throw error;
    }
  }

  async unsubscribeInput(input: RemoteInput): Promise<void> {
    this.#reports.delete(keyOf(input));
    await this.session.listen(this.device, input, 'Unsubscribe');
  }

  report(reading: RemoteReading): void {
    this.#reports.get(keyOf(reading))?.(reading.value);
  }

  /** The device, or the way to it, is gone. Harmless when repeated. */
  lose(reason: string): void {
    if (this.#lost) return;
    this.#lost = new LinkError(`${this.name} is not connected any more: ${reason}`);
    this.#reports.clear();
    this.#events.emit('disconnected', reason);
  }

  #assertOpen(endpoint: Endpoint): void {
    if (this.#lost) throw this.#lost;
    if (!this.endpoints.has(endpoint)) throw new LinkError(`${this.name} has no endpoint ${endpoint}`);
  }
}

const keyOf = ({ featureIndex, type }: RemoteInput) => `${featureIndex}/${type}`;
