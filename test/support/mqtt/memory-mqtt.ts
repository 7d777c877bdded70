import { covers, Events, type MqttClient, type MqttClientEvents, type MqttListener } from 'pulsegate/plugin';

interface Published {
  readonly topic: string;
  readonly payload: string;
}

/** A connection to a broker that holds still: a test says what arrives and when it breaks, and looks at what was published. */
export class MemoryMqtt implements MqttClient {
  readonly gateway = 'kitchen';
  readonly root = 'pulsegate/kitchen';
  readonly published: Published[] = [];
  /** Publishes are neither taken nor refused, as by a broker that does not answer. */
  isStalled = false;
  isConnected = true;
  readonly #events = new Events<MqttClientEvents>((error) => {
    throw error;
  });
  readonly #listeners = new Set<{ readonly filter: string; readonly listener: MqttListener }>();

  get state(): MqttClient['state'] {
    return this.isConnected ? 'up' : 'down';
  }

  on: MqttClient['on'] = (event, listener) => this.#events.on(event, listener);

  async publish(topic: string, payload: string | Uint8Array): Promise<void> {
    if (!this.isConnected) throw new Error('The MQTT broker is away');
    this.published.push({ topic, payload: payload.toString() });
    if (this.isStalled) await new Promise(() => {});
  }

  listen(filter: string, listener: MqttListener): Disposable {
    const entry = { filter, listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => this.#listeners.delete(entry) };
  }

  async subscribe(filter: string, listener: MqttListener): Promise<AsyncDisposable> {
    const entry = this.listen(filter, listener);
    return { [Symbol.asyncDispose]: async () => entry[Symbol.dispose]() };
  }

  retain(): never {
    throw new Error('Nothing is retained here');
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  arrives(topic: string, payload: string | Buffer): void {
    const message = { topic, payload: Buffer.from(payload), retain: false };
    for (const { filter, listener } of [...this.#listeners]) if (covers(filter, topic)) listener(message);
  }

  breaks(): void {
    this.isConnected = false;
    this.#events.emit('disconnected', 'the connection broke');
  }

  returns(): void {
    this.isConnected = true;
    this.#events.emit('connected');
  }

  /** Payloads on a topic, oldest first. */
  publishedOn(topic: string): readonly string[] {
    return this.published.filter((one) => one.topic === topic).map(({ payload }) => payload);
  }
}
