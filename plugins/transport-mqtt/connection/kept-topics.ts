import type { Logger, RetainedScope, RetainedTopics } from 'pulsegate/plugin';

/** What the topics of a scope need of the connection. */
export interface RetainedStore {
  /** Rejects while there is no connection. */
  publish(topic: string, payload: string): Promise<void>;
  /** What the broker holds in the scope at this moment. Rejects when the connection breaks meanwhile. */
  look(scope: RetainedScope): Promise<ReadonlyMap<string, string>>;
}

/** How many publishes are under way at a time: a broker is not to be flooded with a thousand devices at once. */
const AT_ONCE = 100;

/** The topics of one scope: what they ought to hold, and what the broker holds as far as is known. */
export class KeptTopics implements RetainedTopics {
  readonly #wanted = new Map<string, string>();
  /** Undefined: nobody has looked since the connection was made. */
  #held: Map<string, string> | undefined;
  readonly #dirty = new Set<string>();
  /** Connections so far; what began under an earlier one counts no more. */
  #connection = 0;
  #isLooking = false;
  #isWriting = false;

  constructor(
    readonly scope: RetainedScope,
    private readonly store: RetainedStore,
    private readonly log: Logger,
    private readonly onDisposed: () => void,
  ) {}

  get topics(): ReadonlySet<string> {
    return new Set(this.#wanted.keys());
  }

  set(topic: string, payload: string): void {
    this.#wanted.set(topic, payload);
    this.#touch(topic);
  }

  delete(topic: string): void {
    this.#wanted.delete(topic);
    this.#touch(topic);
  }

  republish(): void {
    if (!this.#held) return;
    for (const topic of this.#wanted.keys()) {
      this.#held.delete(topic);
      this.#dirty.add(topic);
    }
    void this.#write();
  }

  /** The connection is there: compares, and puts right what differs. Once for each connection. */
  reconcile(): void {
    if (this.#held || this.#isLooking) return;
    void this.#look(this.#connection);
  }

  /** The connection is gone: what the broker holds is not known any more. */
  forget(): void {
    this.#connection += 1;
    this.#isLooking = false;
    this.#held = undefined;
    this.#dirty.clear();
  }

  [Symbol.dispose](): void {
    this.forget();
    this.onDisposed();
  }

  async #look(connection: number): Promise<void> {
    this.#isLooking = true;
    try {
      const held = new Map(await this.store.look(this.scope));
      if (connection !== this.#connection) return;
      this.#isLooking = false;
      this.#held = held;
      for (const topic of new Set([...held.keys(), ...this.#wanted.keys()])) this.#dirty.add(topic);
      await this.#write();
    } catch (error) {
      if (connection === this.#connection) this.#isLooking = false;
      this.#explain(error);
    }
  }

  #touch(topic: string): void {
    if (!this.#held) return;
    this.#dirty.add(topic);
    void this.#write();
  }

  /** The newest payload of each topic; what changes while it is on its way goes out with the next ones. */
  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    for (let held = this.#held; held && this.#dirty.size > 0; held = this.#held) {
      const batch = [...this.#dirty].slice(0, AT_ONCE);
      for (const topic of batch) this.#dirty.delete(topic);
      await Promise.all(batch.map((topic) => this.#put(topic, held)));
    }
    this.#isWriting = false;
  }

  async #put(topic: string, held: Map<string, string>): Promise<void> {
    const payload = this.#wanted.get(topic) ?? '';
    if ((held.get(topic) ?? '') === payload) return;
    if (payload === '') held.delete(topic);
    else held.set(topic, payload);
    try {
      await this.store.publish(topic, payload);
    } catch (error) {
      held.delete(topic);
      this.#explain(error);
    }
  }

  /** The next connection begins with a look at everything. */
  #explain(error: unknown): void {
    this.log.debug({ err: error, prefix: this.scope.prefix }, 'retained topics wait for the next connection');
  }
}
