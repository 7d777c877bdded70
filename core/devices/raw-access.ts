import { type Clock, withDeadline } from '../clock.js';
import { DeviceError } from '../errors.js';
import type { HardwareLink } from '../hardware/contract.js';
import type { RawAction } from '../protocol/messages.js';
import type { Subscriber } from './subscriptions.js';

export type OnRawData = (data: Uint8Array) => void;

/** How long a device may take over a raw message, ms. */
const ANSWER_MS = 5000;

interface RawSubscription {
  readonly listeners: Map<Subscriber, OnRawData>;
  readonly notified: Disposable;
  /** Settles as the hardware takes or refuses it. */
  readonly taken: Promise<void>;
}

/** Bytes straight to and from a device's endpoints, for devices whose owner allowed it. */
export class RawAccess {
  readonly #subscriptions = new Map<string, RawSubscription>();

  constructor(
    private readonly link: HardwareLink,
    private readonly clock: Clock,
  ) {}

  /** Resolves with the bytes of a read. Rejects with a DeviceError or LinkError. */
  async run(
    endpoint: string,
    action: RawAction,
    subscriber: Subscriber,
    onData: OnRawData,
  ): Promise<Uint8Array | undefined> {
    if (!this.link.endpoints.has(endpoint)) {
      throw new DeviceError(
        `${this.link.name} has no endpoint ${endpoint}; it has ${[...this.link.endpoints].sort().join(', ')}`,
      );
    }
    return this.#answer(this.#carryOut(endpoint, action, subscriber, onData));
  }

  async dropSubscriber(subscriber: Subscriber): Promise<void> {
    if (this.#subscriptions.size === 0) return;
    await Promise.allSettled(
      [...this.#subscriptions.keys()].map((endpoint) => this.#answer(this.#unsubscribe(endpoint, subscriber))),
    );
  }

  close(): void {
    for (const { notified } of this.#subscriptions.values()) notified[Symbol.dispose]();
    this.#subscriptions.clear();
  }

  async #carryOut(
    endpoint: string,
    action: RawAction,
    subscriber: Subscriber,
    onData: OnRawData,
  ): Promise<Uint8Array | undefined> {
    switch (action.kind) {
      case 'read':
        return this.link.read(endpoint);
      case 'write':
        await this.link.write(endpoint, action.data, { withResponse: action.withResponse });
        return undefined;
      case 'subscribe':
        await this.#subscribe(endpoint, subscriber, onData);
        return undefined;
      case 'unsubscribe':
        await this.#unsubscribe(endpoint, subscriber);
        return undefined;
    }
  }

  async #subscribe(endpoint: string, subscriber: Subscriber, onData: OnRawData): Promise<void> {
    const existing = this.#subscriptions.get(endpoint);
    if (existing) {
      existing.listeners.set(subscriber, onData);
      return existing.taken;
    }
    const listeners = new Map([[subscriber, onData]]);
    const notified = this.link.on('notification', (from, data) => {
      if (from === endpoint) for (const listener of listeners.values()) listener(data);
    });
    const subscription = { listeners, notified, taken: this.link.subscribe(endpoint) };
    this.#subscriptions.set(endpoint, subscription);
    try {
      await subscription.taken;
    } catch (error) {
      notified[Symbol.dispose]();
      if (this.#subscriptions.get(endpoint) === subscription) this.#subscriptions.delete(endpoint);
      throw error;
    }
  }

  async #unsubscribe(endpoint: string, subscriber: Subscriber): Promise<void> {
    const subscription = this.#subscriptions.get(endpoint);
    if (!subscription?.listeners.delete(subscriber) || subscription.listeners.size > 0) return;
    this.#subscriptions.delete(endpoint);
    subscription.notified[Symbol.dispose]();
    await this.link.unsubscribe(endpoint);
  }

  #answer<T>(work: Promise<T>): Promise<T> {
    return withDeadline(
      this.clock,
      ANSWER_MS,
      work,
      () => new DeviceError(`The device did not answer within ${ANSWER_MS} ms`),
    );
  }
}
