import {
  covers,
  Events,
  type MqttClient,
  type MqttClientEvents,
  type MqttListener,
  type RetainedScope,
  type RetainedTopics,
} from 'pulsegate/plugin';

/**
 * A broker and the gateway's connection to it, on paper: like the real ones it keeps what is retained, and whoever connects
 * compares. Nothing takes time.
 */
export class PaperBroker implements MqttClient {
  readonly gateway = 'kitchen';
  readonly root = 'pulsegate/kitchen';
  readonly retained = new Map<string, string>();
  /** Every message that the gateway has sent, oldest first. */
  readonly sent: { readonly topic: string; readonly payload: string }[] = [];
  readonly #events = new Events<MqttClientEvents>((error) => {
    throw error;
  });
  readonly #listeners = new Set<readonly [filter: string, listener: MqttListener]>();
  readonly #kept = new Set<PaperTopics>();
  #isConnected = true;

  get isConnected(): boolean {
    return this.#isConnected;
  }

  get state(): 'up' | 'down' {
    return this.#isConnected ? 'up' : 'down';
  }

  on: MqttClient['on'] = (event, listener) => this.#events.on(event, listener);

  async publish(topic: string, payload: string | Uint8Array): Promise<void> {
    this.sent.push({ topic, payload: payload.toString() });
  }

  async subscribe(filter: string, listener: MqttListener): Promise<AsyncDisposable> {
    const listening = this.listen(filter, listener);
    return { [Symbol.asyncDispose]: async () => listening[Symbol.dispose]() };
  }

  listen(filter: string, listener: MqttListener): Disposable {
    const entry = [filter, listener] as const;
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => this.#listeners.delete(entry) };
  }

  retain(scope: RetainedScope): RetainedTopics {
    const topics = new PaperTopics(scope, this);
    this.#kept.add(topics);
    return Object.assign(topics, { [Symbol.dispose]: () => this.#kept.delete(topics) });
  }

  /** Somebody else publishes. */
  say(topic: string, payload: string, retain = false): void {
    for (const [filter, listener] of this.#listeners) {
      if (covers(filter, topic)) listener({ topic, payload: Buffer.from(payload), retain });
    }
  }

  /** The connection breaks. */
  lose(): void {
    this.#isConnected = false;
    this.#events.emit('disconnected', 'a test');
  }

  /** The connection is there again; everything is compared. */
  connect(): void {
    this.#isConnected = true;
    for (const topics of this.#kept) topics.reconcile();
    this.#events.emit('connected');
  }

  /** What was sent since the last time. */
  take(): readonly { readonly topic: string; readonly payload: string }[] {
    return this.sent.splice(0);
  }
}

class PaperTopics implements RetainedTopics {
  readonly #wanted = new Map<string, string>();

  constructor(
    private readonly scope: RetainedScope,
    private readonly broker: PaperBroker,
  ) {
    // As if the comparison came a moment later, when everything is in.
    queueMicrotask(() => this.reconcile());
  }

  get topics(): ReadonlySet<string> {
    return new Set(this.#wanted.keys());
  }

  set(topic: string, payload: string): void {
    this.#wanted.set(topic, payload);
    this.#put(topic);
  }

  delete(topic: string): void {
    this.#wanted.delete(topic);
    this.#put(topic);
  }

  republish(): void {
    for (const [topic, payload] of this.#wanted) this.broker.sent.push({ topic, payload });
  }

  reconcile(): void {
    const { filter, prefix } = this.scope;
    const held = [...this.broker.retained.keys()].filter((topic) => covers(filter, topic) && topic.startsWith(prefix));
    for (const topic of new Set([...held, ...this.#wanted.keys()])) this.#put(topic);
  }

  [Symbol.dispose](): void {}

  #put(topic: string): void {
    const payload = this.#wanted.get(topic) ?? '';
    if (!this.broker.isConnected || (this.broker.retained.get(topic) ?? '') === payload) return;
    if (payload === '') this.broker.retained.delete(topic);
    else this.broker.retained.set(topic, payload);
    this.broker.sent.push({ topic, payload });
  }
}
