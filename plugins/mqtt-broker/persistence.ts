import { Readable } from 'node:stream';
import type { Subscription } from 'aedes';
import type { RetainedMessages } from './retained.js';
import type { Outgoing, RememberedSessions, Subscriber } from './sessions.js';

interface Client {
  readonly id: string;
}

interface Packet {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly messageId?: number | undefined;
}

/** What the one who reads retained messages next is like. */
export interface Reader {
  whenRoomy(): Promise<void>;
}

/**
 * The memory of aedes, in the shape it asks for. Its own would keep whatever it is given; this one has limits. Nothing here
 * outlives the gateway: what the gateway itself retains is published again by those who know it.
 */
export class LimitedPersistence {
  /** Numbers of QoS 2 messages that have been passed on and not been released by their sender yet. */
  readonly #unreleased = new Map<string, Set<number>>();
  readonly #adding = new WeakMap<readonly Subscription[], Promise<void>>();

  /**
   * @param isSubscribed aedes hands over every filter of a packet, those that were refused as well
   * @param nextReader whoever has subscribed just now
   */
  constructor(
    private readonly retained: RetainedMessages,
    private readonly sessions: RememberedSessions,
    private readonly isSubscribed: (clientId: string, filter: string) => boolean,
    private readonly nextReader: () => Reader,
  ) {}

  /** Aedes insists on the keyword. */
  async setup(): Promise<void> {}

  async storeRetained(packet: Packet): Promise<void> {
    this.retained.store(packet);
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    const reader = this.nextReader();
    return Readable.from(this.retained.matching(filters, () => reader.whenRoomy()));
  }

  /** Aedes calls this for every filter of a packet that is granted, each time with all of them: a thousand times a thousand. */
  async addSubscriptions({ id }: Client, subscriptions: readonly Subscription[]): Promise<void> {
    const adding = this.#adding.get(subscriptions) ?? this.#addOnce(id, subscriptions);
    this.#adding.set(subscriptions, adding);
    await adding;
  }

  async removeSubscriptions({ id }: Client, filters: readonly string[]): Promise<void> {
    this.sessions.unsubscribe(id, filters);
  }

  async subscriptionsByClient({ id }: Client): Promise<Subscription[]> {
    return this.sessions.subscriptionsOf(id);
  }

  async subscriptionsByTopic(topic: string): Promise<Subscriber[]> {
    return this.sessions.subscribersTo(topic);
  }

  /** The client wants to begin anew. */
  async cleanSubscriptions({ id }: Client): Promise<void> {
    this.sessions.forget(id);
  }

  async outgoingEnqueue({ clientId }: { readonly clientId: string }, message: Outgoing): Promise<void> {
    this.sessions.enqueue(clientId, message);
  }

  async outgoingEnqueueCombi(subscribers: readonly Subscriber[], message: Outgoing): Promise<void> {
    for (const { clientId } of subscribers) this.sessions.enqueue(clientId, message);
  }

  async outgoingUpdate({ id }: Client, message: Outgoing): Promise<void> {
    this.sessions.sent(id, message);
  }

  async outgoingClearMessageId({ id }: Client, { messageId }: Outgoing): Promise<Outgoing | undefined> {
    return this.sessions.acknowledged(id, messageId);
  }

  outgoingStream({ id }: Client): Readable {
    return Readable.from(this.sessions.queueOf(id));
  }

  async incomingStorePacket({ id }: Client, { messageId }: Packet): Promise<void> {
    if (messageId === undefined) return;
    const numbers = this.#unreleased.get(id) ?? new Set();
    this.#unreleased.set(id, numbers.add(messageId));
  }

  async incomingGetPacket({ id }: Client, packet: Packet): Promise<Packet> {
    const isKnown = packet.messageId !== undefined && this.#unreleased.get(id)?.has(packet.messageId);
    if (!isKnown) throw new Error('no such packet');
    return packet;
  }

  async incomingDelPacket({ id }: Client, { messageId }: Packet): Promise<void> {
    const numbers = this.#unreleased.get(id);
    if (messageId === undefined || !numbers?.delete(messageId)) throw new Error('no such packet');
    if (numbers.size === 0) this.#unreleased.delete(id);
  }

  async cleanIncoming({ id }: Client): Promise<void> {
    this.#unreleased.delete(id);
  }

  /** A will lives as long as its connection, and that has it. There is no other broker that could have died with some. */
  async putWill(): Promise<void> {}

  async delWill(): Promise<void> {}

  streamWill(): Readable {
    return Readable.from([]);
  }

  async #addOnce(clientId: string, subscriptions: readonly Subscription[]): Promise<void> {
    // Once every one of them has been granted or refused.
    await Promise.resolve();
    const granted = subscriptions.filter(({ topic }) => this.isSubscribed(clientId, topic));
    this.sessions.subscribe(clientId, granted);
  }
}
