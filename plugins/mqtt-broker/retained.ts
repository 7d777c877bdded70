import { setImmediate as nextTurn } from 'node:timers/promises';
import { covers } from 'pulsegate/plugin';
import { ownCopy } from './own-copy.js';

export interface RetainedLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/** The part of a packet that is kept; for aedes it may be any object with these. */
export interface KeptMessage {
  readonly cmd: 'publish';
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly retain: true;
}

/** What the broker keeps for those who come later. */
export class RetainedMessages {
  readonly #messages = new Map<string, KeptMessage>();
  /** What each topic has been granted; ahead of the messages, because those take a few turns to get here. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;

  constructor(private readonly limits: RetainedLimits) {}

  get count(): number {
    return this.#sizes.size;
  }

  /** Of topics and payloads. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether there is room for this message; if so, the room is its own from now on. An empty one gives its topic's room back. */
  admit(topic: string, payloadBytes: number, isLimited: boolean): boolean {
    const before = this.#sizes.get(topic) ?? 0;
    const after = payloadBytes === 0 ? 0 : Buffer.byteLength(topic) + payloadBytes;
    const isNew = before === 0 && after > 0;
    const { maxMessages, maxBytes } = this.limits;
    const isTooMuch = (isNew && this.#sizes.size >= maxMessages) || this.#bytes - before + after > maxBytes;
    if (isLimited && after > before && isTooMuch) return false;
    this.#bytes += after - before;
    if (after === 0) this.#sizes.delete(topic);
    else this.#sizes.set(topic, after);
    return true;
  }

  store({ topic, payload, qos }: { topic: string; payload: Buffer; qos: 0 | 1 | 2 }): void {
    if (payload.length === 0) this.#messages.delete(topic);
    else this.#messages.set(topic, { cmd: 'publish', topic, payload: ownCopy(payload), qos, retain: true });
  }

  /**
   * Every message that fits one of the filters, one filter after the other.
   *
   * @param whenRoomy resolves when whoever reads has room for the next one
   */
  async *matching(filters: readonly string[], whenRoomy: () => Promise<void>): AsyncGenerator<KeptMessage> {
    for (const filter of filters) {
      for (const message of this.#fitting(filter)) {
        await whenRoomy();
        yield message;
      }
      // A thousand filters over ten thousand topics take seconds.
      await nextTurn();
    }
  }

  #fitting(filter: string): readonly KeptMessage[] {
    if (!/[+#]/.test(filter)) {
      const message = this.#messages.get(filter);
      return message ? [message] : [];
    }
    // "a/#" fits "a" as well.
    const start = filter.slice(0, filter.search(/\/?[+#]/));
    return [...this.#messages.values()].filter(({ topic }) => topic.startsWith(start) && covers(filter, topic));
  }
}
