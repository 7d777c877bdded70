import { createHash, timingSafeEqual } from 'node:crypto';
import { covers, isFilter, isTopic } from 'pulsegate/plugin';
import type { BrokerConfig, Grant } from './config.js';

/** A topic or filter may have this many characters; nobody means longer ones. */
const MAX_TOPIC_LENGTH = 1000;

/** What somebody may do, whatever client they use. */
export interface Account {
  /** For the log. */
  readonly name: string;
  mayPublish(topic: string): boolean;
  maySubscribe(filter: string): boolean;
  mayReceive(topic: string): boolean;
}

/** The gateway itself: it has no password, and nobody gets in here by what they say. */
export const OWNER: Account = {
  name: 'the gateway',
  mayPublish: isTopic,
  maySubscribe: isFilter,
  mayReceive: () => true,
};

class GrantedAccount implements Account {
  constructor(
    readonly name: string,
    private readonly grant: Grant,
  ) {}

  mayPublish(topic: string): boolean {
    return isTopic(topic) && this.#isGranted(this.grant.publish, topic);
  }

  maySubscribe(filter: string): boolean {
    return isFilter(filter) && this.#isGranted(this.grant.subscribe, filter);
  }

  mayReceive(topic: string): boolean {
    return this.#isGranted(this.grant.subscribe, topic);
  }

  /** What begins with $ is the broker's own, and the door to shared subscriptions, which this broker does not have. */
  #isGranted(filters: readonly string[] | undefined, wanted: string): boolean {
    if (wanted.startsWith('$') || wanted.length > MAX_TOPIC_LENGTH) return false;
    return filters?.some((filter) => covers(filter, wanted)) ?? false;
  }
}

/** Who may come in. */
export class Accounts {
  /** What clients without a name are; undefined when they may not come in. */
  readonly anonymous: Account | undefined;
  readonly #users: ReadonlyMap<string, { readonly digest: Buffer; readonly account: Account }>;

  constructor({ users, anonymous }: Pick<BrokerConfig, 'users' | 'anonymous'>) {
    this.#users = new Map(
      Object.entries(users).map(([name, { password, ...grant }]) => [
        name,
        { digest: digestOf(password.reveal()), account: new GrantedAccount(name, grant) },
      ]),
    );
    const everything = { publish: ['#'], subscribe: ['#'] };
    const grant: Grant = anonymous ?? (this.#users.size === 0 ? everything : {});
    const mayDoSomething = [grant.publish, grant.subscribe].some((filters = []) => filters.length > 0);
    this.anonymous = mayDoSomething ? new GrantedAccount('anonymous', grant) : undefined;
  }

  get hasUsers(): boolean {
    return this.#users.size > 0;
  }

  /** A name that does not exist takes as long to refuse as a wrong password. */
  find(name: string, password: Uint8Array | string): Account | undefined {
    const user = this.#users.get(name);
    const digest = digestOf(password);
    const isRight = timingSafeEqual(digest, user?.digest ?? NOBODY);
    return isRight ? user?.account : undefined;
  }
}

const digestOf = (password: Uint8Array | string) => createHash('sha256').update(password).digest();
const NOBODY = Buffer.alloc(32);
