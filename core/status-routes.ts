import type { Registry } from 'prom-client';
import type { DeviceManager } from './devices/manager.js';
import type { HttpHost } from './http/http-host.js';
import type { MqttDoor } from './mqtt/door.js';
import type { PluginStatus } from './plugins/host.js';
import type { SessionRegistry } from './sessions/session-registry.js';
import { packageVersion } from './version.js';

export interface StatusSources {
  readonly plugins: () => readonly PluginStatus[];
  readonly sessions: SessionRegistry;
  readonly devices: DeviceManager;
  readonly metrics: Registry;
  readonly mqtt: MqttDoor;
}

/** `GET /health` for whoever watches over the gateway, `GET /metrics` for Prometheus. */
export function registerStatusRoutes(
  http: HttpHost,
  { plugins, sessions, devices, metrics, mqtt }: StatusSources,
): void {
  http.routes((app) => {
    app.get('/health', async () => {
      const statuses = plugins().filter(({ state }) => state !== 'disabled');
      const broker = mqtt.client?.state ?? 'off';
      const isWhole = broker !== 'down' && statuses.every(({ state }) => state === 'running');
      return {
        status: isWhole ? 'ok' : 'degraded',
        version: packageVersion,
        plugins: Object.fromEntries(
          statuses.map(({ name, state, reason }) => [name, reason ? { state, reason } : { state }]),
        ),
        mqtt: broker,
        sessions: sessions.ready.length,
        devices: devices.all.length,
      };
    });
    app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
  });
}
