/** A connection to a broker, as the plugin that has one shares it with the rest of the gateway. */
export interface MqttClient {
  /** Resolves when the broker has taken it; rejects with a GatewayError. */
  publish(topic: string, payload: string, options: { readonly retain: boolean }): Promise<void>;
  /**
   * Calls `listener` for every message that fits the filter until the subscription is disposed. Resolves when the broker has
   * taken it; outlives reconnects.
   */
  subscribe(filter: string, listener: (topic: string, payload: string) => void): Promise<AsyncDisposable>;
}

/** Where that plugin hands its connection to the gateway. */
export class MqttDoor {
  #client: MqttClient | undefined;

  get client(): MqttClient | undefined {
    return this.#client;
  }

  provide(client: MqttClient): Disposable {
    this.#client = client;
    return {
      [Symbol.dispose]: () => {
        if (this.#client === client) this.#client = undefined;
      },
    };
  }
}
