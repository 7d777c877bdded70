import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type Connection, mqttTopics, type SessionHost, type SessionOptions, type SessionPort } from 'pulsegate/plugin';
import { MqttSessions } from '../../../plugins/transport-mqtt/sessions/mqtt-sessions.js';
import { FakeClock } from '../fake-clock.js';
import { MemoryMqtt } from './memory-mqtt.js';

export const PING_TIME_MS = 10_000;

/** What became of a session in the core. */
export class RecordedSession implements SessionPort {
  readonly received: string[] = [];
  end: string | undefined;

  constructor(
    readonly connection: Connection,
    readonly options: SessionOptions,
  ) {}

  /** As the core does: what comes after the end is ignored. */
  receive(text: string): void {
    if (this.end === undefined) this.received.push(text);
  }

  closed(reason: string): void {
    this.end ??= reason;
  }
}

/** Sessions over a broker that holds still, and a core that only notes what reaches it. */
export class SessionStage {
  readonly clock = new FakeClock();
  readonly broker = new MemoryMqtt();
  readonly registry = new Registry();
  readonly opened: RecordedSession[] = [];
  /** What the core does with a session as it opens. */
  onOpen: (session: RecordedSession) => void = () => {};
  readonly sessions: MqttSessions;

  constructor() {
    const host: SessionHost = {
      open: (connection, options) => {
        const session = new RecordedSession(connection, options);
        this.opened.push(session);
        this.onOpen(session);
        return session;
      },
    };
    this.sessions = new MqttSessions({
      client: this.broker,
      sessions: host,
      clock: this.clock,
      log: pino({ level: 'silent' }),
      maxPingTimeMs: PING_TIME_MS,
      metrics: this.registry,
    });
  }

  /** Those that are not over, oldest first. */
  get living(): readonly RecordedSession[] {
    return this.opened.filter(({ end }) => end === undefined);
  }

  up(payload: string | Buffer, session = 'one', client = 'ada'): void {
    this.broker.arrives(this.#topics(session, client).up, payload);
  }

  gone(session = 'one', client = 'ada'): void {
    this.broker.arrives(this.#topics(session, client).gone, '');
  }

  down(session = 'one', client = 'ada'): readonly string[] {
    return this.broker.publishedOn(this.#topics(session, client).down);
  }

  refused(reason: string): Promise<number> {
    return this.#count('pulsegate_mqtt_frames_refused_total', reason);
  }

  ended(reason: string): Promise<number> {
    return this.#count('pulsegate_mqtt_sessions_ended_total', reason);
  }

  async count(): Promise<number> {
    const metric = await this.registry.getSingleMetric('pulsegate_mqtt_sessions')?.get();
    return metric?.values[0]?.value ?? Number.NaN;
  }

  async #count(name: string, reason: string): Promise<number> {
    const metric = await this.registry.getSingleMetric(name)?.get();
    return metric?.values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
  }

  #topics(session: string, client: string) {
    return mqttTopics(this.broker.root).session(client, session);
  }
}
