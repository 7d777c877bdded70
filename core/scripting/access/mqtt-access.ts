import { ScriptError } from '../../errors.js';
import type { Logger } from '../../logging/logger.js';
import type { MqttClient } from '../../mqtt/client.js';
import type { MqttDoor } from '../../mqtt/door.js';
import { covers, isFilter, isTopic } from '../../mqtt/filters.js';

export interface MqttGrant {
  readonly subscribe: readonly string[];
  readonly publish: readonly string[];
}

/** Subscriptions of one script at a time. */
const MAX_SUBSCRIPTIONS = 100;

/** What one run of a script may do on the broker. */
export class MqttAccess implements AsyncDisposable {
  readonly #subscriptions = new Map<string, Promise<AsyncDisposable>>();

  constructor(
    private readonly door: MqttDoor,
    private readonly grant: MqttGrant,
    private readonly log: Logger,
    private readonly onMessage: (filter: string, topic: string, payload: string) => void,
  ) {}

  async subscribe(filter: string): Promise<void> {
    if (!isFilter(filter)) throw new ScriptError(`"${filter}" is not an MQTT topic filter`);
    if (!this.grant.subscribe.some((granted) => covers(granted, filter))) throw notGranted('subscribe', filter);
    const client = this.#client;
    if (this.#subscriptions.has(filter)) {
      await this.#subscriptions.get(filter);
      return;
    }
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new ScriptError(`A script has at most ${MAX_SUBSCRIPTIONS} subscriptions at a time`);
    }
    const subscribing = client.subscribe(filter, ({ topic, payload }) =>
      this.onMessage(filter, topic, payload.toString()),
    );
    this.#subscriptions.set(filter, subscribing);
    try {
      await subscribing;
    } catch (error) {
      this.#subscriptions.delete(filter);
      throw error;
    }
  }

  async unsubscribe(filter: string): Promise<void> {
    const subscribing = this.#subscriptions.get(filter);
    this.#subscriptions.delete(filter);
    await (await subscribing)?.[Symbol.asyncDispose]();
  }

  async publish(topic: string, payload: string, retain: boolean): Promise<void> {
    if (!isTopic(topic)) throw new ScriptError(`"${topic}" is not an MQTT topic`);
    if (!this.grant.publish.some((granted) => covers(granted, topic))) throw notGranted('publish', topic);
    await this.#client.publish(topic, payload, { retain });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const filters = [...this.#subscriptions.keys()];
    await Promise.all(
      filters.map((filter) =>
        this.unsubscribe(filter).catch((error: unknown) =>
          this.log.debug({ err: error, filter }, 'a subscription of a script did not end in order'),
        ),
      ),
    );
  }

  get #client(): MqttClient {
    const { client } = this.door;
    if (!client) throw new ScriptError('There is no MQTT here: no plugin that connects to a broker runs');
    return client;
  }
}

function notGranted(what: 'subscribe' | 'publish', topic: string): ScriptError {
  const doing = what === 'subscribe' ? 'subscribe to' : 'publish to';
  return new ScriptError(
    `This script may not ${doing} "${topic}"; its header, or scripts.each in the configuration, has to grant it: mqtt: { ${what}: ["${topic}"] }`,
  );
}
