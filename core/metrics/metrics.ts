import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { DeviceManager } from '../devices/manager.js';
import type { SessionRegistry } from '../sessions/session-registry.js';

/** Prometheus metrics of one gateway, in a registry of its own. Numbers are fetched when asked for: counting costs nothing. */
export function createMetrics(sessions: SessionRegistry, devices: DeviceManager): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  const total = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });

  const { totals } = sessions;
  gauge('pulsegate_sessions', 'Clients that have done their handshake', () => sessions.ready.length);
  gauge('pulsegate_sessions_pending', 'Connections that have not done their handshake', () => sessions.pendingCount);
  gauge('pulsegate_devices', 'Connected devices', () => devices.all.length);
  gauge(
    'pulsegate_devices_active',
    'Connected devices with an output that is on',
    () => devices.all.filter((device) => device.isActive).length,
  );
  gauge('pulsegate_write_queue_depth', 'Packets waiting for their device, over all devices', () =>
    devices.all.reduce((sum, device) => sum + device.queueDepth, 0),
  );
  total('pulsegate_connections_total', 'Connections ever opened', () => totals.opened);
  total('pulsegate_messages_total', 'Messages received from clients', () => totals.messages);
  total(
    'pulsegate_pings_missed_total',
    'Sessions that ended because the client missed its ping',
    () => totals.pingsMissed,
  );
  new Counter({
    name: 'pulsegate_messages_refused_total',
    help: 'Messages answered with an Error, by its code',
    labelNames: ['code'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [code, count] of totals.refused) this.inc({ code: String(code) }, count);
    },
  });
  return registry;
}
