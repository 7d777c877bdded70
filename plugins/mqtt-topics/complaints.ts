import { Counter, type Registry } from 'prom-client';
import { type Clock, describeError, type Logger, type MqttClient } from 'pulsegate/plugin';

/** `order`: it makes no sense. `unknown`: there is no such device or feature. `failed`: the gateway said no. `busy`: no session. */
export type Reason = 'order' | 'unknown' | 'failed' | 'busy';

/** So many answers leave in a second; the rest is counted. */
const PER_SECOND = 20;
/** A topic that is longer is not repeated in full, characters. */
const MAX_TOPIC = 300;

/** Tells whoever published something of no use that it was, without letting a flood of that become one of our own. */
export class Complaints implements Disposable {
  readonly #refused: Counter<'reason'>;
  #windowStart = Number.NEGATIVE_INFINITY;
  #inWindow = 0;
  #hasLogged = false;

  constructor(
    private readonly registry: Registry,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.#refused = new Counter({
      name: 'pulsegate_mqtt_topics_refused_total',
      help: 'Orders on plain topics that were not carried out, by reason',
      labelNames: ['reason'],
      registers: [registry],
    });
  }

  about(client: MqttClient, errorTopic: string, topic: string, reason: Reason, error: unknown): void {
    this.#refused.inc({ reason });
    const sentence = describeError(error);
    // One line for the first, so that a flood of bad orders is not a flood of log lines.
    this.log[this.#hasLogged ? 'debug' : 'warn']({ topic: topic.slice(0, MAX_TOPIC) }, `refused: ${sentence}`);
    this.#hasLogged = true;
    if (!this.#mayAnswer()) return;
    const answer = { topic: topic.slice(0, MAX_TOPIC), error: sentence, time: this.clock.date().toISOString() };
    client.publish(errorTopic, JSON.stringify(answer), { qos: 0 }).catch(() => {});
  }

  [Symbol.dispose](): void {
    this.registry.removeSingleMetric('pulsegate_mqtt_topics_refused_total');
  }

  #mayAnswer(): boolean {
    const now = this.clock.now();
    if (now - this.#windowStart >= 1000) {
      this.#windowStart = now;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    return this.#inWindow <= PER_SECOND;
  }
}
