import type { InputType } from '../protocol/model.js';

export type Subscriber = string;

const keyOf = (featureIndex: number, type: InputType) => `${featureIndex}/${type}`;

/**
 * Who listens to which input of one device. The hardware is subscribed for the first listener and unsubscribed after the last
 * (facts: B30).
 */
export class Subscriptions {
  readonly #listeners = new Map<string, Set<Subscriber>>();

  /** Nobody listens to anything. */
  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** True when this is the input's first listener. */
  add(featureIndex: number, type: InputType, subscriber: Subscriber): boolean {
    const key = keyOf(featureIndex, type);
    const listeners = this.#listeners.get(key);
    if (listeners) {
      listeners.add(subscriber);
      return false;
    }
    this.#listeners.set(key, new Set([subscriber]));
    return true;
  }

  /** True when nobody listens to the input any more. */
  remove(featureIndex: number, type: InputType, subscriber: Subscriber): boolean {
    const key = keyOf(featureIndex, type);
    const listeners = this.#listeners.get(key);
    if (!listeners?.delete(subscriber) || listeners.size > 0) return false;
    this.#listeners.delete(key);
    return true;
  }

  listeners(featureIndex: number, type: InputType): ReadonlySet<Subscriber> {
    return this.#listeners.get(keyOf(featureIndex, type)) ?? NOBODY;
  }
}

const NOBODY: ReadonlySet<Subscriber> = new Set();
