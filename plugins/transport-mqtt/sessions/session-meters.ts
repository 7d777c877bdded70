import { Counter, Gauge, type Registry } from 'prom-client';

/** Why a payload was not carried out. */
export type Refusal =
  | 'repeated'
  | 'malformed'
  | 'missing'
  | 'ended'
  | 'unknown'
  | 'too large'
  | 'too many'
  | 'bad name';
/** How a session came to its end. */
export type Ending = 'gone' | 'closed' | 'taken over' | 'messages missing' | 'too large' | 'not taken' | 'broker lost';

const SESSIONS = 'pulsegate_mqtt_sessions';
const REFUSED = 'pulsegate_mqtt_frames_refused_total';
const ENDED = 'pulsegate_mqtt_sessions_ended_total';

/** What is counted of sessions over MQTT, for `/metrics`. */
export class SessionMeters implements Disposable {
  readonly #refused: Counter<'reason'>;
  readonly #ended: Counter<'reason'>;

  constructor(
    private readonly registry: Registry,
    count: () => number,
  ) {
    const registers = [registry];
    new Gauge({
      name: SESSIONS,
      help: 'Buttplug sessions over MQTT',
      registers,
      collect() {
        this.set(count());
      },
    });
    this.#refused = new Counter({
      name: REFUSED,
      help: 'Payloads of sessions over MQTT that were not carried out, by reason',
      labelNames: ['reason'],
      registers,
    });
    this.#ended = new Counter({
      name: ENDED,
      help: 'Buttplug sessions over MQTT that came to an end, by reason',
      labelNames: ['reason'],
      registers,
    });
  }

  refused(reason: Refusal): void {
    this.#refused.inc({ reason });
  }

  ended(reason: Ending): void {
    this.#ended.inc({ reason });
  }

  [Symbol.dispose](): void {
    for (const name of [SESSIONS, REFUSED, ENDED]) this.registry.removeSingleMetric(name);
  }
}
