import { Counter, Gauge, type Registry } from 'prom-client';
import type { SleepingBroker } from './broker.js';

/** Numbers are fetched when asked for. Disposing of it takes them out of the registry again. */
export function measure(registry: Registry, broker: SleepingBroker): Disposable {
  const { doorkeeper, refusals } = broker;
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('pulsegate_mqtt_broker_connections', 'Clients connected to the embedded broker', () => broker.connections);
  gauge('pulsegate_mqtt_broker_subscriptions', 'Their subscriptions', () => doorkeeper.subscriptions);
  gauge('pulsegate_mqtt_broker_retained', 'Retained messages', () => doorkeeper.retained.count);
  gauge('pulsegate_mqtt_broker_retained_bytes', 'Retained messages, bytes', () => doorkeeper.retained.bytes);
  new Counter({
    name: 'pulsegate_mqtt_broker_refused_total',
    help: 'What the embedded broker did not let through, by reason',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, count] of refusals.counts) this.inc({ reason }, count);
    },
  });
  const names = ['connections', 'subscriptions', 'retained', 'retained_bytes', 'refused_total'];
  return {
    [Symbol.dispose]() {
      for (const name of names) registry.removeSingleMetric(`pulsegate_mqtt_broker_${name}`);
    },
  };
}
