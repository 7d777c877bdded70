import { DeviceError } from '../errors.js';
import type { RawAction } from '../protocol/messages.js';
import type { HardwareLink } from './hardware.js';
import type { Subscriber } from './subscriptions.js';

export type OnRawData = (data: Uint8Array) => void;

interface RawSubscription {
  readonly listeners: Map<Subscriber, OnRawData>;
  readonly notified: Disposable;
}

/** Bytes straight to and from a device's endpoints, for devices whose owner allowed it. */
export class RawAccess {
  readonly #subscriptions = new Map<string, RawSubscription>();

  constructor(private readonly link: HardwareLink) {}

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

  async dropSubscriber(subscriber: Subscriber): Promise<void> {
    if (this.#subscriptions.size === 0) return;
    await Promise.allSettled(
      [...this.#subscriptions.keys()].map((endpoint) => this.#unsubscribe(endpoint, subscriber)),
    );
  }

  close(): void {
    for (const { notified } of this.#subscriptions.values()) notified[Symbol.dispose]();
    this.#subscriptions.clear();
  }

  async #subscribe(endpoint: string, subscriber: Subscriber, onData: OnRawData): Promise<void> {
    const existing = this.#subscriptions.get(endpoint);
    if (existing) {
      existing.listeners.set(subscriber, onData);
      return;
    }
    const listeners = new Map([[subscriber, onData]]);
    const notified = this.link.on('notification', (from, data) => {
      if (from === endpoint) for (const listener of listeners.values()) listener(data);
    });
    this.#subscriptions.set(endpoint, { listeners, notified });
    await this.link.subscribe(endpoint);
  }

  async #unsubscribe(endpoint: string, subscriber: Subscriber): Promise<void> {
    const subscription = this.#subscriptions.get(endpoint);
    if (!subscription?.listeners.delete(subscriber) || subscription.listeners.size > 0) return;
    this.#subscriptions.delete(endpoint);
    subscription.notified[Symbol.dispose]();
    await this.link.unsubscribe(endpoint);
  }
}
