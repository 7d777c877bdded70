import { type AbortSignal, abortable } from './abort.js';
import { call } from './calls.js';
import { Listeners, type Subscription } from './listeners.js';

/** What lies outside the sandbox and needs a grant, or a place on the disk: storage, http, mqtt. */

export const storage = {
  /** The value, or undefined. */
  get: (key: string): Promise<unknown> => call('storage.get', { key }),
  /** Resolves when the value is on disk. It must be JSON. */
  async set(key: string, value: unknown): Promise<void> {
    const json = JSON.stringify(value);
    if (json === undefined) throw new TypeError('Only what has a JSON form can be stored; use delete to remove a key');
    await call('storage.set', { key }, json);
  },
  async delete(key: string): Promise<void> {
    await call('storage.delete', { key });
  },
  keys: (): Promise<unknown> => call('storage.keys'),
  async clear(): Promise<void> {
    await call('storage.clear');
  },
};

export interface FetchOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const http = {
  async fetch(url: string, options: FetchOptions = {}) {
    const { method, headers, body, timeout, signal } = options;
    const work = call('http.fetch', { request: { url: String(url), method, headers, body, timeoutMs: timeout } });
    const answer: Answer = Object(await abortable(work, signal));
    return {
      status: answer.status,
      statusText: answer.statusText,
      ok: answer.status >= 200 && answer.status < 300,
      url: answer.url,
      headers: answer.headers,
      text: () => Promise.resolve(answer.body),
      json: async (): Promise<unknown> => JSON.parse(answer.body),
    };
  },
};

type MqttListener = (payload: string, topic: string) => unknown;

const topics = new Map<string, Listeners<[payload: string, topic: string]>>();

export const mqtt = {
  /** Resolves when the broker has taken the subscription. */
  async subscribe(filter: string, listener: MqttListener): Promise<Subscription> {
    let listeners = topics.get(filter);
    if (!listeners) {
      listeners = new Listeners();
      topics.set(filter, listeners);
    }
    const known = listeners;
    const subscription = known.add(listener, () => {
      if (!known.isEmpty) return;
      topics.delete(filter);
      void call('mqtt.unsubscribe', { filter }).catch(() => {});
    });
    try {
      await call('mqtt.subscribe', { filter });
    } catch (error) {
      // Only this one: others may have been listening for long.
      subscription.cancel();
      throw error;
    }
    return subscription;
  },
  async publish(topic: string, payload: unknown, options: { readonly retain?: boolean } = {}): Promise<void> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    if (text === undefined) throw new TypeError('Only text, and what has a JSON form, can be published');
    await call('mqtt.publish', { topic, retain: options.retain === true }, text);
  },
};

/** As the gateway writes it. */
interface MqttMessage {
  readonly filter: string;
  readonly topic: string;
  readonly payload: string;
}

/** A message of the broker for one of the subscriptions. */
export function takeMqtt(text: string): void {
  const { filter, topic, payload }: MqttMessage = JSON.parse(text);
  topics.get(filter)?.tell(payload, topic);
}
