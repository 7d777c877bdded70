import { connectAsync, type MqttClient } from 'mqtt';
import { PATIENCE_MS } from '../timing.js';

/** Publishes whatever it is told to, and comes back whenever the broker has thrown it out. */
export class Attacker implements AsyncDisposable {
  /** How often it was thrown out. */
  thrownOut = 0;
  #client: MqttClient | undefined;

  constructor(private readonly url: string) {}

  /** Resolves when the broker has taken it, or has had enough. */
  async publish(topic: string, payload: string | Buffer, retain = false): Promise<void> {
    const client = await this.#connected();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const thrownOut = () => resolve(false);
    client.once('close', thrownOut);
    client.publish(topic, payload, { qos: 1, retain }, (error) => resolve(!error));
    const isTaken = await promise;
    client.off('close', thrownOut);
    if (isTaken) return;
    this.thrownOut += 1;
    this.#client = undefined;
    client.end(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.endAsync(true);
  }

  async #connected(): Promise<MqttClient> {
    if (this.#client?.connected) return this.#client;
    this.#client?.end(true);
    const client = await connectAsync(this.url, { reconnectPeriod: 0, connectTimeout: PATIENCE_MS }, false);
    client.on('error', () => {});
    this.#client = client;
    return client;
  }
}
