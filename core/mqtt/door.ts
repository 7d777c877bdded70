import type { MqttClient } from './client.js';

/** Somebody in the gateway who works with the broker while there is one. Returns what ends that. */
export type MqttUser = (client: MqttClient) => Disposable;

/** Where the plugin that connects to a broker hands its client to the gateway, and where others find it. */
export class MqttDoor {
  #client: MqttClient | undefined;
  readonly #users = new Map<MqttUser, Disposable | undefined>();

  /** Whether it is connected is another question. */
  get client(): MqttClient | undefined {
    return this.#client;
  }

  provide(client: MqttClient): Disposable {
    this.#withdraw();
    this.#client = client;
    for (const user of [...this.#users.keys()]) this.#users.set(user, user(client));
    return {
      [Symbol.dispose]: () => {
        if (this.#client === client) this.#withdraw();
      },
    };
  }

  /** Calls `user` with the client as soon as there is one, and with every later one. */
  attach(user: MqttUser): Disposable {
    this.#users.set(user, this.#client && user(this.#client));
    return {
      [Symbol.dispose]: () => {
        this.#users.get(user)?.[Symbol.dispose]();
        this.#users.delete(user);
      },
    };
  }

  #withdraw(): void {
    this.#client = undefined;
    for (const [user, end] of this.#users) {
      end?.[Symbol.dispose]();
      this.#users.set(user, undefined);
    }
  }
}
