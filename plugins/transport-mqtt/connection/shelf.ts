import { randomUUID } from 'node:crypto';
import { type Clock, covers, type Logger, type MqttMessage, type RetainedScope, withDeadline } from 'pulsegate/plugin';
import { away } from './end-of-line.js';
import { KeptTopics } from './kept-topics.js';
import type { Line } from './line.js';
import type { Meters } from './meters.js';
import type { Subscriptions } from './subscriptions.js';

export interface ShelfOptions {
  /** Where this gateway's own marks go. */
  readonly sync: string;
  /** Something of this gateway's own that is always retained. */
  readonly info: string;
  readonly subscriptions: Subscriptions;
  /** Undefined while there is no connection. */
  readonly line: () => Line | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meters: Meters;
  readonly onScopes: (scopes: readonly RetainedScope[]) => void;
}

/** Longest wait for a sign that everything has been shown, ms. */
const SIGN_MS = 5_000;

/** What this gateway has retained at the broker. */
export class Shelf {
  readonly #kept = new Map<string, KeptTopics>();
  readonly #marks = new Map<string, () => void>();
  #lastLook: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ShelfOptions) {
    options.subscriptions.add(options.sync, ({ payload }) => this.#marks.get(payload.toString())?.());
  }

  get scopes(): readonly RetainedScope[] {
    return [...this.#kept.values()].map(({ scope }) => scope);
  }

  keep(scope: RetainedScope): KeptTopics {
    const kept = new KeptTopics(scope, this, this.options.log, () => this.#kept.delete(scope.filter));
    this.#kept.set(scope.filter, kept);
    this.options.onScopes(this.scopes);
    if (this.options.line()) kept.reconcile();
    return kept;
  }

  connected(): void {
    for (const kept of this.#kept.values()) kept.reconcile();
  }

  disconnected(): void {
    for (const kept of this.#kept.values()) kept.forget();
  }

  async publish(topic: string, payload: string): Promise<void> {
    this.options.meters.sent();
    await this.#line().publish(topic, payload, 1, true);
  }

  /** Clears what is in a scope that nobody uses any more, as far as it belongs to nobody else. */
  async sweep(scope: RetainedScope): Promise<void> {
    const belongs = (topic: string) =>
      this.scopes.some(({ filter, prefix }) => topic.startsWith(prefix) && covers(filter, topic));
    for (const topic of (await this.look(scope)).keys()) if (!belongs(topic)) await this.publish(topic, '');
  }

  /** What the broker holds in the scope at this moment. Rejects when the connection breaks meanwhile. */
  look(scope: RetainedScope): Promise<ReadonlyMap<string, string>> {
    // One after the other: each ends with a sign that does not say for which it is.
    const look = this.#lastLook.then(() => this.#look(scope));
    this.#lastLook = look.catch(() => {});
    return look;
  }

  async #look({ filter, prefix }: RetainedScope): Promise<ReadonlyMap<string, string>> {
    const { subscriptions, info } = this.options;
    const line = this.#line();
    const found = new Map<string, string>();
    const last = Promise.withResolvers<void>();
    const note = ({ topic, payload, retain }: MqttMessage) => {
      if (!retain) return;
      if (topic === info) last.resolve();
      else if (topic.startsWith(prefix)) found.set(topic, payload.toString());
    };
    const filters = [filter, info];
    const [added, end] = [subscriptions.add(filter, note), subscriptions.add(info, note)];
    try {
      // Mosquitto drops what exceeds a thousand messages of QoS 1 that wait for a client.
      await line.subscribe(filters, added.filter.identifier, added.isNew ? 0 : 1);
      // Brokers go through the filters of a packet in order. Aedes does so bit by bit while it publishes what comes in between.
      await this.#within(line, last.promise);
      for (let known = -1; known < found.size; ) {
        known = found.size;
        await this.#mark(line);
      }
    } finally {
      const unused = filters.filter((_, place) => [added, end][place]?.remove());
      for (const one of unused) if (!line.hasEnded) line.unsubscribe(one).catch(() => {});
    }
    return found;
  }

  async #mark(line: Line): Promise<void> {
    const nonce = randomUUID();
    const heard = new Promise<void>((resolve) => this.#marks.set(nonce, resolve));
    try {
      await line.publish(this.options.sync, nonce, 1, false);
      await this.#within(line, heard);
    } finally {
      this.#marks.delete(nonce);
    }
  }

  /** Waits as long as it makes sense: a broker may have had more to send than it keeps for a client. Rejects without a connection. */
  async #within(line: Line, sign: Promise<void>): Promise<void> {
    const { clock, log } = this.options;
    try {
      await withDeadline(clock, SIGN_MS, sign, away);
    } catch (error) {
      if (line.hasEnded) throw error;
      log.debug('mqtt: the broker may not have shown all that it retains; the rest is published anew');
    }
  }

  #line(): Line {
    const line = this.options.line();
    if (!line) throw away();
    return line;
  }
}
