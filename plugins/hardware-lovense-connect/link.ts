import { type Endpoint, type HardwareLink, LinkError, LinkState, type Logger } from 'pulsegate/plugin';
import type { AppToy, LovenseApp } from './app.js';

const ENDPOINTS: ReadonlySet<Endpoint> = new Set(['tx', 'rx']);

/** A toy behind the app on a phone. Packets are the ends of addresses. */
export class AppLink implements HardwareLink {
  readonly kind = 'lovense-connect';
  readonly endpoints = ENDPOINTS;
  readonly messageGapMs = 0;
  readonly needsKeepalive = false;
  readonly name: string;
  readonly address: string;
  readonly on: HardwareLink['on'];
  readonly #state: LinkState;
  #battery: number;

  constructor(
    { id, name, battery }: AppToy,
    readonly host: string,
    private readonly app: LovenseApp,
    log: Logger,
  ) {
    this.name = name;
    this.address = id;
    this.#battery = battery;
    this.#state = new LinkState(name, log);
    this.on = this.#state.on;
  }

  async write(_endpoint: Endpoint, data: Uint8Array): Promise<void> {
    this.#state.assertThere();
    await this.app.order(this.host, Buffer.from(data).toString('utf8'));
  }

  /** The charge in percent, as the app told it last. */
  async read(): Promise<Uint8Array> {
    this.#state.assertThere();
    return Uint8Array.of(this.#battery);
  }

  async subscribe(): Promise<void> {
    throw new LinkError(`${this.name} sends nothing by itself`);
  }

  async unsubscribe(): Promise<void> {}

  async disconnect(): Promise<void> {
    this.lose('disconnected on request');
  }

  /** What the app says of it now; undefined: it does not know it any more. */
  told(toy: AppToy | undefined): void {
    if (!toy?.isConnected) this.lose('the app has lost it');
    else this.#battery = toy.battery;
  }

  /** Harmless when repeated. */
  lose(reason: string): void {
    this.#state.end(reason);
  }
}
