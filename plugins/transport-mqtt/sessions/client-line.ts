import {
  type Clock,
  type CloseReason,
  type Connection,
  describeError,
  type MqttClient,
  type mqttTopics,
  type SessionHost,
  type SessionPort,
  type Timer,
} from 'pulsegate/plugin';
import { bodyStart, closedBody, EMPTY_FRAME, numbered } from './numbered.js';
import { Sequence, type Taken } from './sequence.js';
import type { Ending } from './session-meters.js';

export interface ClientLineOptions {
  readonly id: string;
  /** Names that the client chose: its own, and that of this session. */
  readonly client: string;
  readonly session: string;
  readonly topics: ReturnType<ReturnType<typeof mqttTopics>['session']>;
  readonly broker: MqttClient;
  readonly clock: Clock;
  /** Once, when the session's outputs have been stopped. */
  readonly onEnded: (line: ClientLine, ending: Ending, reason: string) => void;
}

/** Largest frame a client may send, bytes. */
export const MAX_FRAME = 1_048_576;
/** How much may wait for the broker to take it, bytes. */
const MAX_BUFFERED = 4_194_304;
/**
 * How long a client that broke a rule is still listened to, ms. What it had sent by then is on its way: the session refuses it by
 * its Id.
 */
const LINGER_MS = 100;

/** One client's session over the broker, as a line for the core. */
export class ClientLine implements Connection {
  readonly id: string;
  readonly remote: string;
  readonly #sequence: Sequence;
  #session: SessionPort | undefined;
  #sent = 0;
  #bufferedBytes = 0;
  #linger: Timer | undefined;
  #hasEnded = false;

  constructor(private readonly options: ClientLineOptions) {
    const { id, client, session, clock } = options;
    this.id = id;
    this.remote = `MQTT client ${client}/${session}`;
    this.#sequence = new Sequence(clock, {
      next: (payload, number) => this.#receive(payload.toString('utf8', bodyStart(number))),
      missing: () => this.shut('messages missing', 'messages are missing'),
    });
  }

  get client(): string {
    return this.options.client;
  }

  get topics(): ClientLineOptions['topics'] {
    return this.options.topics;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** Says that it is open; the core may find at once that it must not be. */
  open(sessions: SessionHost, maxPingTimeMs: number): void {
    this.send(EMPTY_FRAME);
    this.#session = sessions.open(this, { maxPingTimeMs });
  }

  take(number: number, payload: Buffer): Taken {
    return this.#sequence.take(number, payload);
  }

  send(text: string): void {
    if (this.#hasEnded) return;
    this.#publish(text);
    if (this.#bufferedBytes > MAX_BUFFERED) this.end('not taken', 'the broker takes its messages too slowly');
  }

  close({ kind, text }: CloseReason): void {
    if (kind === 'policy') this.#linger ??= this.options.clock.after(LINGER_MS, () => this.shut('closed', text));
    else this.shut('closed', text);
  }

  /** Ends it, and tells the client. */
  shut(ending: Ending, reason: string): void {
    if (this.#hasEnded) return;
    this.end(ending, reason);
    this.#publish(closedBody(reason));
  }

  /** What the client drives stops before anything else happens. */
  end(ending: Ending, reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#session?.closed(reason);
    this.#sequence.end();
    this.#linger?.cancel();
    this.options.onEnded(this, ending, reason);
  }

  #receive(frame: string): void {
    if (frame !== EMPTY_FRAME) this.#session?.receive(frame);
  }

  /**
   * In the order of the calls: the broker hands them on in the order in which it gets them. With QoS 0, for the numbers tell the
   * client what is missing: acknowledgements would cost a broker with Nagle's algorithm 40 ms for each message.
   */
  #publish(body: string): void {
    const { broker, topics } = this.options;
    this.#sent += 1;
    const payload = numbered(this.#sent, body);
    const size = Buffer.byteLength(payload);
    this.#bufferedBytes += size;
    broker.publish(topics.down, payload, { qos: 0 }).then(
      () => {
        this.#bufferedBytes -= size;
      },
      // The client would wait for its number in vain.
      (error: unknown) => this.end('not taken', describeError(error)),
    );
  }
}
