import type { Registry } from 'prom-client';
import {
  type Clock,
  type Logger,
  type MqttClient,
  type MqttMessage,
  mqttTopics,
  type SessionHost,
} from 'pulsegate/plugin';
import { Allowance } from './allowance.js';
import { ClientLine, MAX_FRAME } from './client-line.js';
import { closedBody, numbered, numberOf, OUTSIDE } from './numbered.js';
import { Remembered } from './remembered.js';
import { type Ending, SessionMeters } from './session-meters.js';

export interface MqttSessionsOptions {
  readonly client: MqttClient;
  readonly sessions: SessionHost;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ping time that clients are held to, ms; above 0. */
  readonly maxPingTimeMs: number;
  readonly metrics: Registry;
}

/** What a client may call itself and its sessions. */
const NAMES = /\/([A-Za-z0-9_-]{1,64})\/([A-Za-z0-9_-]{1,64})\/up$/;
/** A gateway that shows the devices of this one (hardware-remote), by its name on the broker. */
const GATEWAYS = /^gateway_([a-z0-9-]{1,40})$/;
const UP = 'up';
const GONE = 'gone';
/** How many sessions that are over, and how many that never were, are known not to open again. */
const MOST_REMEMBERED = 2000;
/** Openings: more than a home has at once, and few enough for the broker to take the answers. */
const OPENINGS = { burst: 200, perSecond: 100 };
/** Answers to whoever has no session. */
const ANSWERS = { burst: 20, perSecond: 10 };

/**
 * Buttplug sessions of clients on the broker. Whatever anybody publishes, a number runs once, in order, in the session it was sent
 * for, or not at all.
 */
export class MqttSessions implements Disposable {
  /** By the topic the client publishes to. */
  readonly #lines = new Map<string, ClientLine>();
  /** What tells of the end of clients that are gateways. */
  readonly #following = new Map<ClientLine, Disposable>();
  readonly #byClient = new Map<string, ClientLine>();
  /** Sessions that are over, by the same topic; and whether their clients have been told. */
  readonly #over = new Remembered<{ isTold: boolean }>(MOST_REMEMBERED);
  /** Sessions that somebody went on with though they never began. */
  readonly #unknown = new Remembered<true>(MOST_REMEMBERED);
  readonly #openings: Allowance;
  readonly #answers: Allowance;
  readonly #topics: ReturnType<typeof mqttTopics>;
  readonly #meters: SessionMeters;
  readonly #owned = new DisposableStack();
  #count = 0;

  constructor(private readonly options: MqttSessionsOptions) {
    const { client, clock, metrics } = options;
    this.#openings = new Allowance(clock, OPENINGS.burst, OPENINGS.perSecond);
    this.#answers = new Allowance(clock, ANSWERS.burst, ANSWERS.perSecond);
    this.#topics = mqttTopics(client.root);
    this.#meters = this.#owned.use(new SessionMeters(metrics, () => this.#lines.size));
    const every = this.#topics.session('+', '+');
    this.#owned.use(client.listen(every.up, (message) => this.#take(message), { onlyFresh: true }));
    this.#owned.use(client.listen(every.gone, ({ topic }) => this.#leave(topic), { onlyFresh: true }));
    this.#owned.use(client.on('disconnected', () => this.#lose()));
  }

  [Symbol.dispose](): void {
    for (const line of [...this.#lines.values()]) line.shut('closed', 'this transport has stopped');
    this.#owned.dispose();
  }

  #take({ topic, payload }: MqttMessage): void {
    const number = numberOf(payload);
    const line = this.#lines.get(topic);
    if (!line) this.#knock(topic, number, payload);
    // Anybody may publish here: what has no number is not the client's, or is missed soon enough.
    else if (number <= OUTSIDE) this.#meters.refused('malformed');
    else if (payload.length > MAX_FRAME) {
      this.#meters.refused('too large');
      line.shut('too large', TOO_LARGE);
    } else if (line.take(number, payload) === 'repeated') this.#meters.refused('repeated');
  }

  /** Somebody without a session. */
  #knock(topic: string, number: number, payload: Buffer): void {
    const [, client, session] = NAMES.exec(topic) ?? [];
    if (client === undefined || session === undefined) {
      this.#meters.refused('bad name');
      return;
    }
    const over = this.#over.get(topic);
    if (over) {
      this.#meters.refused('ended');
      if (!over.isTold) over.isTold = this.#answer(client, session, 'this session is over');
    } else if (this.#unknown.get(topic)) this.#meters.refused('unknown');
    else if (number <= OUTSIDE) {
      this.#meters.refused('malformed');
      this.#answer(client, session, 'a payload is a number, a space and a frame: 1 [{"RequestServerInfo":{…}}]');
    } else if (number > 1) {
      this.#meters.refused('unknown');
      this.#unknown.set(topic, true);
      this.#answer(client, session, 'there is no such session; a session has a new name and begins with number 1');
    } else if (payload.length > MAX_FRAME) {
      this.#meters.refused('too large');
      this.#answer(client, session, TOO_LARGE);
      // Without an answer: a client that asks again in a moment gets in.
    } else if (!this.#openings.spend()) this.#meters.refused('too many');
    else this.#open(client, session, payload);
  }

  #open(client: string, session: string, payload: Buffer): void {
    const { client: broker, clock, sessions, maxPingTimeMs } = this.options;
    // A client that has come back has nothing to do with its old session any more; it may be the last to know.
    this.#byClient.get(client)?.shut('taken over', 'another session of this client has begun');
    this.#count += 1;
    const line = new ClientLine({
      id: `mqtt-${this.#count}`,
      client,
      session,
      topics: this.#topics.session(client, session),
      broker,
      clock,
      onEnded: (...ended) => this.#ended(...ended),
    });
    this.#lines.set(line.topics.up, line);
    this.#byClient.set(client, line);
    line.open(sessions, maxPingTimeMs);
    const following = this.#followGateway(line);
    if (following) this.#following.set(line, following);
    line.take(1, payload);
  }

  /**
   * Another gateway that shows the devices of this one: the last will of its connection says of its status that it is gone. Returns
   * what ends listening to that.
   */
  #followGateway(line: ClientLine): Disposable | undefined {
    const { client } = this.options;
    const [, gateway] = GATEWAYS.exec(line.client) ?? [];
    if (gateway === undefined) return undefined;
    const { status } = mqttTopics(client.root.slice(0, -client.gateway.length) + gateway);
    return client.listen(status, ({ payload }) => {
      if (payload.toString() !== 'online') line.end('gone', 'the gateway is offline');
    });
  }

  #leave(topic: string): void {
    const up = topic.slice(0, -GONE.length) + UP;
    const line = this.#lines.get(up);
    if (line) line.end('gone', 'the client is gone');
    // Whatever of it is still on its way comes too late.
    else if (NAMES.test(up) && !this.#over.get(up)) this.#unknown.set(up, true);
  }

  #lose(): void {
    for (const line of [...this.#lines.values()]) line.end('broker lost', 'the connection to the MQTT broker is lost');
  }

  #ended(line: ClientLine, ending: Ending, reason: string): void {
    const { up } = line.topics;
    this.#lines.delete(up);
    this.#following.get(line)?.[Symbol.dispose]();
    this.#following.delete(line);
    this.#byClient.delete(line.client);
    const isTold = ending !== 'broker lost' && ending !== 'not taken';
    this.#over.set(up, { isTold });
    this.#meters.ended(ending);
    if (ending === 'messages missing') this.#meters.refused('missing');
    this.options.log.debug({ session: line.id, ending }, `a session over MQTT has ended: ${reason}`);
  }

  /** Says so outside of any session; false when too much of that was said already. */
  #answer(client: string, session: string, text: string): boolean {
    if (!this.#answers.spend()) return false;
    const { client: broker, log } = this.options;
    broker
      .publish(this.#topics.session(client, session).down, numbered(OUTSIDE, closedBody(text)))
      .catch((error: unknown) => log.debug({ err: error }, 'nobody could be told that there is no session'));
    return true;
  }
}

const TOO_LARGE = `a frame has at most ${MAX_FRAME} bytes`;
