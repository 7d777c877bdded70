import type { IPublishPacket } from 'mqtt';
import type { Meters } from './meters.js';
import type { Subscriptions } from './subscriptions.js';

/** Message ids that are remembered, to know a repetition. */
const RECENT_IDS = 256;

/** What the broker delivers over one connection. */
export class Incoming {
  readonly #recentIds = new Set<number>();

  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly maxPayload: number,
    private readonly meters: Meters,
    /** Whether what comes now cannot have waited anywhere. */
    private readonly isCurrent: () => boolean,
  ) {}

  take(topic: string, payload: Buffer, packet: IPublishPacket): void {
    const { meters } = this;
    meters.received();
    if (payload.length > this.maxPayload) meters.ignored('too large');
    else if (this.#isRepeated(packet)) meters.ignored('repeated');
    else {
      const { retain } = packet;
      const identifiers = listOf(packet.properties?.subscriptionIdentifier);
      const isFresh = !retain && this.isCurrent();
      const isLeftOut = this.subscriptions.dispatch({ topic, payload, retain }, identifiers, isFresh);
      if (isLeftOut) meters.ignored(retain ? 'retained' : 'late');
    }
  }

  /**
   * A broker that has not heard of our receipt may send a message once more, with the same id. Only 3.1.1 allows that within a
   * connection, and nothing outlives one: sessions are always clean.
   */
  #isRepeated({ qos, dup, messageId }: IPublishPacket): boolean {
    if (qos === 0 || messageId === undefined) return false;
    const isRepeated = dup && this.#recentIds.has(messageId);
    this.#recentIds.delete(messageId);
    this.#recentIds.add(messageId);
    const [oldest] = this.#recentIds;
    if (this.#recentIds.size > RECENT_IDS && oldest !== undefined) this.#recentIds.delete(oldest);
    return isRepeated;
  }
}

function listOf(identifiers: number | readonly number[] | undefined): readonly number[] | undefined {
  return typeof identifiers === 'number' ? [identifiers] : identifiers;
}
