import type { Registry } from 'prom-client';
import type { DeviceManager } from './devices/manager.js';
import type { HttpHost } from './http/http-host.js';
import type { PluginStatus } from './plugins/host.js';
import type { SessionRegistry } from './sessions/session-registry.js';
import { packageVersion } from './version.js';

export interface StatusSources {
  readonly plugins: () => readonly PluginStatus[];
  readonly sessions: SessionRegistry;
  readonly devices: DeviceManager;
  readonly metrics: Registry;
}

/** `GET /health` for whoever watches over the gateway, `GET /metrics` for Prometheus. */
export function registerStatusRoutes(http: HttpHost, { plugins, sessions, devices, metrics }: StatusSources): void {
  http.routes((app) => {
    app.get('/health', async () => {
      const statuses = plugins().filter(({ state }) => state !== 'disabled');
      return {
        status: statuses.every(({ state }) => state === 'running') ? 'ok' : 'degraded',
        version: packageVersion,
        plugins: Object.fromEntries(
          statuses.map(({ name, state, reason }) => [name, reason ? { state, reason } : { state }]),
        ),
        sessions: sessions.ready.length,
        devices: devices.all.length,
      };
    });
    app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
  });
}
