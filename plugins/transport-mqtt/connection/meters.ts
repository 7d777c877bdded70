import { Counter, Gauge, type Registry } from 'prom-client';

export type IgnoredReason = 'retained' | 'late' | 'too large' | 'repeated';

/** What is counted of the connection, for `/metrics`. */
export class Meters implements Disposable {
  readonly #connected: Gauge;
  readonly #messages: Counter<'direction'>;
  readonly #ignored: Counter<'reason'>;
  readonly #reconnects: Counter;

  constructor(private readonly registry: Registry) {
    const registers = [registry];
    this.#connected = new Gauge({
      name: 'pulsegate_mqtt_connected',
      help: 'Whether there is a connection to the MQTT broker',
      registers,
    });
    this.#messages = new Counter({
      name: 'pulsegate_mqtt_messages_total',
      help: 'MQTT messages received and sent',
      labelNames: ['direction'],
      registers,
    });
    this.#ignored = new Counter({
      name: 'pulsegate_mqtt_ignored_total',
      help: 'MQTT messages that were not looked at, by reason',
      labelNames: ['reason'],
      registers,
    });
    this.#reconnects = new Counter({
      name: 'pulsegate_mqtt_reconnects_total',
      help: 'Attempts to connect to the MQTT broker again',
      registers,
    });
  }

  connected(isConnected: boolean): void {
    this.#connected.set(isConnected ? 1 : 0);
  }

  received(): void {
    this.#messages.inc({ direction: 'in' });
  }

  sent(): void {
    this.#messages.inc({ direction: 'out' });
  }

  ignored(reason: IgnoredReason): void {
    this.#ignored.inc({ reason });
  }

  reconnecting(): void {
    this.#reconnects.inc();
  }

  [Symbol.dispose](): void {
    for (const name of ['connected', 'messages_total', 'ignored_total', 'reconnects_total']) {
      this.registry.removeSingleMetric(`pulsegate_mqtt_${name}`);
    }
  }
}
