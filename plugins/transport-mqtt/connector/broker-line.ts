import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt';
import { MqttConnectorError } from './connector-error.js';

/** Unless the app says otherwise: so that a line that is dead without a word is noticed, s. */
const KEEPALIVE_S = 10;
/** Answers from here on say no. */
const FIRST_REFUSAL = 0x80;

export interface BrokerLineListener {
  connected(): void;
  message(topic: string, payload: Buffer, isRetained: boolean): void;
  /** The broker cannot be reached, or is lost. May come more than once. */
  failed(reason?: string): void;
}

/** The connector's way to the broker: a client of MQTT.js, its own or one that the app has anyway. */
export class BrokerLine {
  readonly #onMessage: (topic: string, payload: Buffer, packet: IPublishPacket) => void;
  readonly #onConnect: () => void;
  readonly #onClose: () => void;
  #subscribed: string[] = [];

  constructor(
    private readonly mqtt: MqttClient,
    private readonly isOwn: boolean,
    listener: BrokerLineListener,
  ) {
    this.#onMessage = (topic, payload, { retain }) => listener.message(topic, payload, retain);
    this.#onConnect = () => listener.connected();
    this.#onClose = () => listener.failed();
    mqtt.on('message', this.#onMessage);
    mqtt.on('connect', this.#onConnect);
    mqtt.on('close', this.#onClose);
    // One that belongs to the app is the app's to listen to.
    if (isOwn) mqtt.on('error', (error) => listener.failed(describeFailure(error)));
    if (mqtt.connected) queueMicrotask(this.#onConnect);
  }

  /** A client that keeps nothing for later: a lost connection is the end, and what was not sent by then never is. */
  static async open(url: string, options: IClientOptions, listener: BrokerLineListener): Promise<BrokerLine> {
    // In this form it is found in Node.js and in bundles for browsers alike.
    const { default: mqtt } = await import('mqtt');
    const client = mqtt.connect(url, {
      keepalive: KEEPALIVE_S,
      ...options,
      clean: true,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
    });
    client.once('connect', () => hurry(client.stream));
    return new BrokerLine(client, true, listener);
  }

  async subscribe(topics: string[]): Promise<void> {
    this.#subscribed = topics;
    try {
      await this.mqtt.subscribeAsync(topics, { qos: 1 });
    } catch (error) {
      const refused = answersIn(error).findIndex((answer) => Number(answer) >= FIRST_REFUSAL);
      if (refused < 0) throw error;
      const sentence = `The MQTT broker does not let this client subscribe to ${topics[refused]}`;
      throw new MqttConnectorError(sentence, { cause: error });
    }
  }

  /**
   * In the order of the calls, with QoS 0: what is lost is missed at the other end, and nothing is sent once more after a reconnect,
   * when it would come too late. Nor does the broker's TCP keep a message back until its acknowledgements are acknowledged.
   */
  publish(topic: string, payload: string, onTaken: (error?: unknown) => void): void {
    if (this.mqtt.connected) this.mqtt.publish(topic, payload, { qos: 0 }, onTaken);
    else onTaken(new MqttConnectorError('The MQTT broker is away'));
  }

  /** A client of the app's stays as it was. */
  async end(isInOrder: boolean): Promise<void> {
    const { mqtt } = this;
    mqtt.off('message', this.#onMessage);
    mqtt.off('connect', this.#onConnect);
    mqtt.off('close', this.#onClose);
    if (this.isOwn) await mqtt.endAsync(!isInOrder);
    else if (mqtt.connected) await mqtt.unsubscribeAsync(this.#subscribed).catch(() => {});
  }
}

/** What the broker answered for each topic, as MQTT.js hands it on with its error. */
function answersIn(error: unknown): readonly unknown[] {
  if (!(error instanceof Error) || !('packet' in error)) return [];
  const { packet } = error;
  const granted = typeof packet === 'object' && packet !== null && 'granted' in packet ? packet.granted : undefined;
  return Array.isArray(granted) ? granted : [];
}

/** MQTT.js writes a packet in pieces, and TCP would keep the last one back until the broker has acknowledged the first: 40 ms. */
function hurry(stream: object): void {
  if ('setNoDelay' in stream && typeof stream.setNoDelay === 'function') stream.setNoDelay(true);
}

/** Failures to connect that come in bundles, one for each address of a name, have no text of their own. */
function describeFailure(error: unknown): string {
  if (error instanceof AggregateError) return describeFailure(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
