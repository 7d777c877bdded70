import type { HttpHost } from 'pulsegate/plugin';
import type { Remote } from './remote.js';

type Routes = Parameters<HttpHost['routes']>[0];

/** `GET /api/remotes`: which servers there are, and how they are. */
export function remoteRoutes(remotes: () => Iterable<Remote>): Routes {
  return (app) => {
    app.get('/api/remotes', () => [...remotes()].map(summary));
  };
}

function summary({ name, way, state, session, latencyMs, lastError, outcomes }: Remote) {
  return {
    name,
    address: way.address,
    state,
    server: session?.server ?? null,
    spec: session?.dialect.spec ?? null,
    latencyMs: latencyMs === undefined ? null : Math.round(latencyMs * 100) / 100,
    devices: [...(session?.devices.values() ?? [])].map((device) => ({
      address: `${name}/${device.index}`,
      name: device.displayName ?? device.name,
    })),
    orders: Object.fromEntries(outcomes),
    lastError: lastError ?? null,
  };
}
