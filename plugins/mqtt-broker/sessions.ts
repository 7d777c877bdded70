import type { Subscription } from 'aedes';
import { FilterTree } from './filter-tree.js';
import { ownCopy } from './own-copy.js';

/** A message on its way to one client, as aedes hands it over and wants it back. */
export interface Outgoing {
  readonly cmd: string;
  readonly topic: string;
  readonly payload: Buffer;
  readonly brokerId?: string | undefined;
  readonly brokerCounter?: number | undefined;
  /** Given when it is first sent. */
  messageId?: number | undefined;
}

/** A subscription as aedes looks it up. */
export interface Subscriber extends Subscription {
  readonly clientId: string;
}

export interface SessionLimits {
  readonly maxSessions: number;
  readonly maxQueued: number;
  readonly maxQueuedBytes: number;
}

interface Session {
  readonly subscriptions: Map<string, Subscription>;
  queue: Outgoing[];
  queuedBytes: number;
}

/** Clients that asked to be remembered while they are away: what they subscribed to, and what has come for them. */
export class RememberedSessions {
  /** The one that has been away longest comes first. */
  readonly #sessions = new Map<string, Session>();
  readonly #subscribers = new FilterTree<Subscriber>();

  constructor(
    private readonly limits: SessionLimits,
    private readonly isConnected: (clientId: string) => boolean,
    private readonly onForgotten: (clientId: string) => void,
    private readonly onDropped: (clientId: string) => void,
  ) {}

  get count(): number {
    return this.#sessions.size;
  }

  has(clientId: string): boolean {
    return this.#sessions.has(clientId);
  }

  subscribe(clientId: string, subscriptions: readonly Subscription[]): void {
    if (subscriptions.length === 0) return;
    const session = this.#open(clientId);
    for (const subscription of subscriptions) {
      const { topic, qos } = subscription;
      session.subscriptions.set(topic, subscription);
      // What need not arrive does not wait for anybody.
      if (qos > 0) this.#subscribers.set(topic, clientId, { ...subscription, clientId });
      else this.#subscribers.delete(topic, clientId);
    }
  }

  unsubscribe(clientId: string, filters: readonly string[]): void {
    const session = this.#sessions.get(clientId);
    if (!session) return;
    for (const filter of filters) {
      session.subscriptions.delete(filter);
      this.#subscribers.delete(filter, clientId);
    }
    if (session.subscriptions.size === 0 && session.queue.length === 0) this.#sessions.delete(clientId);
  }

  subscriptionsOf(clientId: string): Subscription[] {
    return [...(this.#sessions.get(clientId)?.subscriptions.values() ?? [])];
  }

  subscribersTo(topic: string): Subscriber[] {
    return this.#subscribers.match(topic);
  }

  forget(clientId: string): void {
    const session = this.#sessions.get(clientId);
    if (!session) return;
    for (const filter of session.subscriptions.keys()) this.#subscribers.delete(filter, clientId);
    this.#sessions.delete(clientId);
    this.onForgotten(clientId);
  }

  /** It is away from now on. */
  left(clientId: string): void {
    const session = this.#sessions.get(clientId);
    if (!session) return;
    this.#sessions.delete(clientId);
    this.#sessions.set(clientId, session);
    this.#makeRoom();
  }

  enqueue(clientId: string, message: Outgoing): void {
    const session = this.#sessions.get(clientId);
    if (!session) return;
    const bytes = message.payload.length;
    const { maxQueued, maxQueuedBytes } = this.limits;
    if (session.queue.length >= maxQueued || session.queuedBytes + bytes > maxQueuedBytes) {
      this.onDropped(clientId);
      return;
    }
    session.queue.push({ ...message, payload: ownCopy(message.payload), messageId: undefined });
    session.queuedBytes += bytes;
  }

  queueOf(clientId: string): readonly Outgoing[] {
    return [...(this.#sessions.get(clientId)?.queue ?? [])];
  }

  /** Notes under which number a message was sent, or what has taken its place (QoS 2). One that found no room is not here. */
  sent(clientId: string, message: Outgoing): void {
    const session = this.#sessions.get(clientId);
    if (!session) return;
    const { brokerId, brokerCounter, messageId } = message;
    for (const [place, waiting] of session.queue.entries()) {
      if (waiting.brokerId === brokerId) {
        if (waiting.brokerCounter !== brokerCounter) continue;
        waiting.messageId = messageId;
        return;
      }
      if (waiting.messageId !== messageId) continue;
      session.queue[place] = { ...message, topic: waiting.topic, payload: waiting.payload };
      return;
    }
  }

  /** The client has it. */
  acknowledged(clientId: string, messageId: number | undefined): Outgoing | undefined {
    const session = this.#sessions.get(clientId);
    const place = session?.queue.findIndex((waiting) => waiting.messageId === messageId) ?? -1;
    const message = session?.queue[place];
    if (!session || !message) return undefined;
    session.queue.splice(place, 1);
    session.queuedBytes -= message.payload.length;
    return message;
  }

  #open(clientId: string): Session {
    const existing = this.#sessions.get(clientId);
    if (existing) return existing;
    const session: Session = { subscriptions: new Map(), queue: [], queuedBytes: 0 };
    this.#sessions.set(clientId, session);
    this.#makeRoom();
    return session;
  }

  #makeRoom(): void {
    for (const clientId of this.#sessions.keys()) {
      if (this.#sessions.size <= this.limits.maxSessions) return;
      if (!this.isConnected(clientId)) this.forget(clientId);
    }
  }
}
