import type { Duplex } from 'node:stream';
import type { EventSource } from '../events.js';

export interface EmbeddedBrokerEvents {
  /** Somebody has connected for the first time. */
  awake: [];
}

/** The broker inside the gateway. It costs next to nothing until somebody needs it. */
export interface EmbeddedBroker extends EventSource<EmbeddedBrokerEvents> {
  /** Where it listens: `127.0.0.1:1883`. */
  readonly address: string;
  /** Somebody has connected, or the gateway itself has. */
  readonly isAwake: boolean;
  /** A line into it for the gateway itself, past all accounts. Wakes it. */
  connect(): Promise<Duplex>;
}

/** Where the plugin with the broker hands it to the one that connects. */
export class BrokerDoor {
  #broker: EmbeddedBroker | undefined;

  get broker(): EmbeddedBroker | undefined {
    return this.#broker;
  }

  provide(broker: EmbeddedBroker): Disposable {
    this.#broker = broker;
    return {
      [Symbol.dispose]: () => {
        if (this.#broker === broker) this.#broker = undefined;
      },
    };
  }
}
