import { Counter, Gauge, type Registry } from 'prom-client';
import type { Remote } from './remote.js';

/** Numbers are fetched when asked for. Disposing of it takes them out of the registry again. */
export function measure(registry: Registry, remotes: () => Iterable<Remote>): Disposable {
  const gauge = (name: string, help: string, read: (remote: Remote) => number | undefined) =>
    new Gauge({
      name,
      help,
      labelNames: ['remote'],
      registers: [registry],
      collect() {
        this.reset();
        for (const remote of remotes()) {
          const value = read(remote);
          if (value !== undefined) this.set({ remote: remote.name }, value);
        }
      },
    });
  gauge('pulsegate_remote_connected', '1 while the remote is connected', ({ session }) => (session ? 1 : 0));
  gauge('pulsegate_remote_devices', 'Devices that the remote has', ({ session }) => session?.devices.size ?? 0);
  gauge(
    'pulsegate_remote_latency_seconds',
    'How long the last sign of life of the remote took',
    ({ latencyMs }) => latencyMs && latencyMs / 1000,
  );
  new Counter({
    name: 'pulsegate_remote_commands_total',
    help: 'Orders for devices of the remote, by what became of them',
    labelNames: ['remote', 'outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, outcomes } of remotes()) {
        for (const [outcome, count] of outcomes) this.inc({ remote: name, outcome }, count);
      }
    },
  });
  const names = ['connected', 'devices', 'latency_seconds', 'commands_total'];
  return {
    [Symbol.dispose]() {
      for (const name of names) registry.removeSingleMetric(`pulsegate_remote_${name}`);
    },
  };
}
