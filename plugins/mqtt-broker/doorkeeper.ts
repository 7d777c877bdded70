import type { Duplex } from 'node:stream';
import type { Aedes, AedesOptions, Client } from 'aedes';
import type { Clock } from 'pulsegate/plugin';
import { type Account, type Accounts, OWNER } from './accounts.js';
import type { BrokerConfig } from './config.js';
import { LimitedPersistence, type Reader } from './persistence.js';
import { type Reason, type Refusals, readable } from './refusals.js';
import { RetainedMessages } from './retained.js';
import { RememberedSessions } from './sessions.js';

/** Longest id of a client, in characters. */
const MAX_CLIENT_ID_LENGTH = 256;
/** Levels of a topic: each of them costs memory for every subscription. */
const MAX_TOPIC_LEVELS = 32;
/** Subscriptions of all clients together, in those that one client may have. */
const SUBSCRIPTIONS_OF_ALL = 20;

/** How long somebody waits who has tried a wrong password, ms. */
const GUESS_MS = 500;

/** Return codes of CONNACK (MQTT 3.1.1, 3.2.2.3). */
const IDENTIFIER_REJECTED = 2;
const BAD_USER_NAME_OR_PASSWORD = 4;
const NOT_AUTHORIZED = 5;

/** Has been counted and logged; aedes only has to close the connection. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly returnCode: 2 | 4 | 5 = NOT_AUTHORIZED,
  ) {
    super(message);
  }
}

/** One connection, from its first byte to its end. */
export interface Visitor {
  /** Address, for the log. */
  readonly remote: string;
  /** Who it is without having said so: the gateway's own line. */
  readonly isOwner: boolean;
  /** It has said who it is, and may stay. */
  onAdmitted(): void;
  whenRoomy(): Promise<void>;
  end(): void;
}

class Visit implements Reader {
  account: Account | undefined;
  clientId: string | undefined;
  willTopic: string | undefined;
  /** Who had its client id before. */
  predecessor: Visit | undefined;
  hasLeft = false;
  readonly subscriptions = new Set<string>();

  constructor(readonly visitor: Visitor) {}

  get name(): string {
    return `${this.account?.name ?? 'somebody'} at ${this.visitor.remote}`;
  }

  whenRoomy(): Promise<void> {
    return this.visitor.whenRoomy();
  }
}

/** Who may come in, and what they may do once they are in: every question that aedes asks before it does something. */
export class Doorkeeper {
  readonly retained: RetainedMessages;
  readonly sessions: RememberedSessions;
  /** By connection, never by what a client says of itself. */
  readonly #visits = new WeakMap<Duplex, Visit>();
  readonly #byClientId = new Map<string, Visit>();
  /** Whose a client id is, while somebody is connected or remembered by it. */
  readonly #owners = new Map<string, Account>();
  readonly #persistence: LimitedPersistence;
  #subscriptionCount = 0;
  #newestReader: Reader = { whenRoomy: async () => {} };

  constructor(
    private readonly accounts: Accounts,
    private readonly limits: BrokerConfig,
    private readonly clock: Clock,
    private readonly refusals: Refusals,
  ) {
    this.retained = new RetainedMessages({ maxMessages: limits.maxRetained, maxBytes: limits.maxRetainedBytes });
    this.sessions = new RememberedSessions(
      limits,
      (clientId) => this.#byClientId.has(clientId),
      (clientId) => {
        if (!this.#byClientId.has(clientId)) this.#owners.delete(clientId);
      },
      (clientId) => refusals.note('queue-full', `messages for ${clientId}, which is away, are dropped`),
    );
    this.#persistence = new LimitedPersistence(
      this.retained,
      this.sessions,
      (clientId, filter) => this.#byClientId.get(clientId)?.subscriptions.has(filter) ?? false,
      () => this.#newestReader,
    );
  }

  get subscriptions(): number {
    return this.#subscriptionCount;
  }

  /** To be called before aedes sees the connection. */
  expect(connection: Duplex, visitor: Visitor): void {
    const visit = new Visit(visitor);
    this.#visits.set(connection, visit);
    connection.once('close', () => this.#leave(visit));
  }

  options(): AedesOptions {
    return {
      persistence: this.#persistence,
      maxTopicLevels: MAX_TOPIC_LEVELS,
      maxClientsIdLength: MAX_CLIENT_ID_LENGTH,
      preConnect: ({ conn }, { will }, answer) => {
        const visit = this.#visits.get(conn);
        if (visit) visit.willTopic = will?.topic;
        answer(null, visit !== undefined);
      },
      authenticate: (client, name, password, answer) => {
        const refused = this.#admit(client, name, password);
        if (refused?.returnCode !== BAD_USER_NAME_OR_PASSWORD) answer(refused ?? null, !refused);
        else this.clock.after(GUESS_MS, () => answer(refused, false));
      },
      authorizePublish: (client, packet, answer) => {
        const visit = client ? this.#visits.get(client.conn) : undefined;
        answer(visit ? this.#checkPublish(visit, packet) : new Refused('nobody in particular'));
      },
      authorizeSubscribe: ({ conn }, subscription, answer) => {
        const visit = this.#visits.get(conn);
        answer(null, visit && this.#maySubscribe(visit, subscription.topic) ? subscription : null);
      },
      authorizeForward: ({ conn }, packet) =>
        this.#visits.get(conn)?.account?.mayReceive(packet.topic) ? packet : null,
    };
  }

  follow(broker: Aedes): void {
    // Aedes asks for the retained messages in the same turn.
    broker.on('subscribe', (_subscriptions, { conn }) => {
      this.#newestReader = this.#visits.get(conn) ?? this.#newestReader;
    });
    // Aedes closes the one before, but forgets to when that is just about to close and the next one comes already.
    broker.on('client', ({ conn }) => {
      const visit = this.#visits.get(conn);
      visit?.predecessor?.visitor.end();
      if (visit) visit.predecessor = undefined;
    });
    broker.on('unsubscribe', (filters, { conn }) => {
      const visit = this.#visits.get(conn);
      for (const filter of filters) {
        if (visit?.subscriptions.delete(filter)) this.#subscriptionCount -= 1;
      }
    });
  }

  #admit({ id, conn }: Client, name: string | undefined, password: Buffer | undefined): Refused | undefined {
    const visit = this.#visits.get(conn);
    if (!visit) return new Refused('nobody in particular');
    const { visitor, willTopic } = visit;
    const { remote } = visitor;
    if (id.length > MAX_CLIENT_ID_LENGTH) {
      return this.#refuse('client-id', `${remote} has an id that is too long`, IDENTIFIER_REJECTED);
    }
    const account = this.#identify(visitor, name, password);
    if (account instanceof Refused) return account;
    const owner = this.#owners.get(id);
    // Whoever takes over an id takes over what waits for it, and throws out who is there.
    if (owner && owner !== account && account !== OWNER) {
      return this.#refuse('client-id', `${remote} wants the id ${id}, which is somebody else’s`, IDENTIFIER_REJECTED);
    }
    if (willTopic !== undefined && !account.mayPublish(willTopic)) {
      return this.#refuse(
        'will',
        `${account.name} at ${remote} has a last will for ${willTopic}, which it may not have`,
      );
    }
    if (owner && owner !== account) this.sessions.forget(id);
    visit.account = account;
    visit.clientId = id;
    visit.predecessor = this.#byClientId.get(id);
    this.#owners.set(id, account);
    this.#byClientId.set(id, visit);
    visitor.onAdmitted();
    return undefined;
  }

  #identify(visitor: Visitor, name: string | undefined, password: Buffer | undefined): Account | Refused {
    if (visitor.isOwner) return OWNER;
    if (name === undefined) {
      const { anonymous } = this.accounts;
      return anonymous ?? this.#refuse('anonymous', `${visitor.remote} came without a name, which nobody may`);
    }
    const account = this.accounts.find(name, password ?? '');
    if (account) return account;
    const text = `${visitor.remote} came with a wrong name or password`;
    return this.#refuse('credentials', text, BAD_USER_NAME_OR_PASSWORD);
  }

  #checkPublish(
    visit: Visit,
    packet: { readonly topic: string; readonly payload: string | Buffer; retain?: boolean },
  ): Refused | null {
    const { account } = visit;
    const { topic, payload } = packet;
    if (!account?.mayPublish(topic)) {
      return this.#refuse('publish', `${visit.name} may not publish to ${topic}`);
    }
    if (!packet.retain || this.retained.admit(topic, Buffer.byteLength(payload), account !== OWNER)) return null;
    this.refusals.note('retained-full', `there is no room left to retain what ${visit.name} publishes to ${topic}`);
    packet.retain = false;
    return null;
  }

  #maySubscribe(visit: Visit, filter: string): boolean {
    const { account, subscriptions } = visit;
    if (visit.hasLeft) return false;
    if (!account?.maySubscribe(filter)) {
      this.refusals.note('subscribe', `${visit.name} may not subscribe to ${filter}`);
      return false;
    }
    if (subscriptions.has(filter)) return true;
    const { maxSubscriptions } = this.limits;
    const isFull =
      subscriptions.size >= maxSubscriptions || this.#subscriptionCount >= maxSubscriptions * SUBSCRIPTIONS_OF_ALL;
    if (isFull && account !== OWNER) {
      this.refusals.note('too-many-subscriptions', `${visit.name} has too many subscriptions`);
      return false;
    }
    subscriptions.add(filter);
    this.#subscriptionCount += 1;
    return true;
  }

  #refuse(reason: Reason, text: string, returnCode: 2 | 4 | 5 = NOT_AUTHORIZED): Refused {
    this.refusals.note(reason, text);
    return new Refused(readable(text), returnCode);
  }

  #leave(visit: Visit): void {
    visit.hasLeft = true;
    this.#subscriptionCount -= visit.subscriptions.size;
    visit.subscriptions.clear();
    const { clientId } = visit;
    // Somebody may have taken its place.
    if (clientId === undefined || this.#byClientId.get(clientId) !== visit) return;
    this.#byClientId.delete(clientId);
    this.sessions.left(clientId);
    if (!this.sessions.has(clientId)) this.#owners.delete(clientId);
  }
}
