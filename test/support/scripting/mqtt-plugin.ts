import { type MqttClient as Connection, connectAsync } from 'mqtt';
import {
  definePlugin,
  Events,
  MQTT,
  type MqttClient,
  type MqttClientEvents,
  type MqttListener,
  PLUGIN_API,
  type Plugin,
  PluginError,
  type RetainedTopics,
  Type,
} from 'pulsegate/plugin';
import { GATEWAY_ID } from './mqtt-broker.js';
import { fits } from './mqtt-topics.js';

const NAME = 'mqtt-test';

interface Subscription {
  readonly filter: string;
  readonly listener: MqttListener;
}

/** The connection to the broker, shared by everybody in the gateway. */
class Broker implements MqttClient {
  readonly gateway = GATEWAY_ID;
  readonly root = `pulsegate/${GATEWAY_ID}`;
  readonly on: MqttClient['on'];
  readonly #subscriptions = new Set<Subscription>();

  constructor(private readonly connection: Connection) {
    const events = new Events<MqttClientEvents>(() => {});
    this.on = (event, listener) => events.on(event, listener);
    connection.on('message', (topic, payload, { retain }) => {
      for (const { filter, listener } of [...this.#subscriptions])
        if (fits(filter, topic)) listener({ topic, payload, retain });
    });
    // It comes back by itself, and subscribes anew.
    connection.on('error', () => {});
  }

  get state(): MqttClient['state'] {
    return this.isConnected ? 'up' : 'down';
  }

  get isConnected(): boolean {
    return this.connection.connected;
  }

  listen(): Disposable {
    throw new Error('Scripts do not listen');
  }

  retain(): RetainedTopics {
    throw new Error('Scripts keep no topics');
  }

  async publish(topic: string, payload: string, { retain = false } = {}): Promise<void> {
    await this.#ask(() => this.connection.publishAsync(topic, payload, { qos: 1, retain }));
  }

  async subscribe(filter: string, listener: Subscription['listener']): Promise<AsyncDisposable> {
    const subscription = { filter, listener };
    // Retained messages come before the broker has answered.
    this.#subscriptions.add(subscription);
    try {
      await this.#ask(() => this.connection.subscribeAsync(filter, { qos: 1 }));
    } catch (error) {
      this.#subscriptions.delete(subscription);
      throw error;
    }
    return {
      [Symbol.asyncDispose]: async () => {
        if (!this.#subscriptions.delete(subscription) || this.#isWanted(filter)) return;
        await this.#ask(() => this.connection.unsubscribeAsync(filter));
      },
    };
  }

  #isWanted(filter: string): boolean {
    return [...this.#subscriptions].some((other) => other.filter === filter);
  }

  /** The client would keep for later what it cannot send; whoever asks wants to know now. */
  async #ask(what: () => Promise<unknown>): Promise<void> {
    if (!this.connection.connected) throw new PluginError(NAME, 'The MQTT broker is away');
    const away = Promise.withResolvers<never>();
    const leave = () => away.reject(new PluginError(NAME, 'The MQTT broker went away'));
    this.connection.once('close', leave);
    try {
      await Promise.race([what(), away.promise]);
    } finally {
      this.connection.off('close', leave);
    }
  }
}

/** Gives the gateway's scripts the broker at this address. */
export const mqttPlugin = (url: string): Plugin =>
  definePlugin({
    name: NAME,
    kind: 'extension',
    api: PLUGIN_API,
    description: 'A connection to an MQTT broker, for tests',
    config: Type.Object({}),
    create({ use }) {
      let connection: Connection | undefined;
      let provision: Disposable | undefined;
      return {
        async start() {
          connection = await connectAsync(url, { clientId: GATEWAY_ID, reconnectPeriod: 10 });
          provision = use(MQTT).provide(new Broker(connection));
        },
        async stop() {
          provision?.[Symbol.dispose]();
          await connection?.endAsync(true);
        },
      };
    },
  });
